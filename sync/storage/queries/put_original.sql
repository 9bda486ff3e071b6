INSERT INTO original (athlete, sha256, format, size_bytes, first_seen_utc)
VALUES ($athlete, $sha256, $format, $size_bytes, $first_seen_utc)
ON CONFLICT DO NOTHING
