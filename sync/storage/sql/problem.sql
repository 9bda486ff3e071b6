-- name: problems
-- reads: problem
SELECT problem_id, source, place, name, reason, detail, first_seen_utc, last_seen_utc
FROM problem
WHERE athlete = $athlete
ORDER BY last_seen_utc DESC, source, name, problem_id

-- name: upsert_problem
-- changes: problem
INSERT INTO problem (athlete, problem_id, source, place, name, reason, detail, first_seen_utc, last_seen_utc)
VALUES ($athlete, $problem_id, $source, $place, $name, $reason, $detail, $now_utc, $now_utc)
ON CONFLICT DO UPDATE SET name = excluded.name, reason = excluded.reason, detail = excluded.detail,
    last_seen_utc = excluded.last_seen_utc

-- name: delete_problems
-- changes: problem
-- Of a source, or what was wrong at a place and is not any more; $kept are the problems that it still has.
DELETE FROM problem
WHERE athlete = $athlete AND source = $source AND ($place IS NULL OR place = $place)
    AND NOT list_contains($kept, problem_id)
