-- name: source_state
-- reads: source_state
SELECT source, key, value FROM source_state WHERE athlete = $athlete AND source = $source ORDER BY key

-- name: upsert_source_state
-- changes: source_state
INSERT INTO source_state (athlete, source, key, value) VALUES ($athlete, $source, $key, $value)
ON CONFLICT DO UPDATE SET value = excluded.value

-- name: delete_source_state
-- changes: source_state
-- One key, or all of them.
DELETE FROM source_state WHERE athlete = $athlete AND source = $source AND ($key IS NULL OR key = $key)
