INSERT INTO source_state (athlete, source, key, value) VALUES ($athlete, $source, $key, $value)
ON CONFLICT DO UPDATE SET value = excluded.value
