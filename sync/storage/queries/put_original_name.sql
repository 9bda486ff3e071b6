INSERT INTO original_name (athlete, sha256, name) VALUES ($athlete, $sha256, $name) ON CONFLICT DO NOTHING
