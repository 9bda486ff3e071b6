-- name: preferences
-- reads: preference
SELECT key, value, at_utc FROM preference WHERE athlete = $athlete ORDER BY key

-- name: upsert_preference
-- changes: preference
INSERT INTO preference (athlete, key, value, at_utc, seq) VALUES ($athlete, $key, $value, $at_utc, $seq)
ON CONFLICT DO UPDATE SET value = excluded.value, at_utc = excluded.at_utc, seq = excluded.seq
