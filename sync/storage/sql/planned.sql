-- name: planned
-- reads: planned
SELECT planned_id, source, day, kind, start_utc, title, probability, race
FROM planned
WHERE athlete = $athlete
    AND ($first_day IS NULL OR day >= $first_day)
    AND ($last_day IS NULL OR day <= $last_day)
ORDER BY day, start_utc, planned_id

-- name: upsert_planned
-- changes: planned
INSERT INTO planned (athlete, planned_id, source, day, kind, start_utc, title, probability, seq)
VALUES ($athlete, $planned_id, $source, $day, $kind, $start_utc, $title, $probability, $seq)
ON CONFLICT DO UPDATE SET source = excluded.source, day = excluded.day, kind = excluded.kind,
    start_utc = excluded.start_utc, title = excluded.title, probability = excluded.probability, seq = excluded.seq

-- name: set_planned_race
-- changes: planned
UPDATE planned SET race = $race WHERE athlete = $athlete AND planned_id = $planned_id

-- name: delete_planned
-- changes: planned
DELETE FROM planned WHERE athlete = $athlete AND planned_id = $planned_id

-- name: delete_planned_of_source
-- changes: planned
DELETE FROM planned
WHERE athlete = $athlete AND source = $source AND day BETWEEN $first_day AND $last_day
