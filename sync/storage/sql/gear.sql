-- name: gear
-- reads: gear
SELECT source, gear_id, name, kind, facts FROM gear WHERE athlete = $athlete ORDER BY source, gear_id

-- name: upsert_gear
-- changes: gear
INSERT INTO gear (athlete, source, gear_id, name, kind, facts) VALUES ($athlete, $source, $gear_id, $name, $kind, $facts)
ON CONFLICT DO UPDATE SET name = excluded.name, kind = excluded.kind, facts = excluded.facts

-- name: delete_gear
-- changes: gear
DELETE FROM gear WHERE athlete = $athlete AND source = $source
