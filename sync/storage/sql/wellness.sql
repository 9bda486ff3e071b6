-- name: wellness
-- reads: wellness
SELECT source, day, facts
FROM wellness
WHERE athlete = $athlete AND day BETWEEN $first_day AND $last_day
ORDER BY day, source

-- name: upsert_wellness
-- changes: wellness
INSERT INTO wellness (athlete, source, day, facts) VALUES ($athlete, $source, $day, $facts)
ON CONFLICT DO UPDATE SET facts = excluded.facts

-- name: delete_wellness
-- changes: wellness
DELETE FROM wellness WHERE athlete = $athlete AND source = $source
