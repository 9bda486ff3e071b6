-- name: jobs
-- reads: job
SELECT athlete, name, next_due_utc, last_started_utc, last_success_utc, failures, note FROM job ORDER BY athlete, name

-- name: upsert_job
-- changes: job
INSERT INTO job (athlete, name, next_due_utc, last_started_utc, last_success_utc, failures, note)
VALUES ($athlete, $name, $next_due_utc, $last_started_utc, $last_success_utc, $failures, $note)
ON CONFLICT DO UPDATE SET next_due_utc = excluded.next_due_utc, last_started_utc = excluded.last_started_utc,
    last_success_utc = excluded.last_success_utc, failures = excluded.failures, note = excluded.note

-- name: delete_job
-- changes: job
DELETE FROM job WHERE athlete = $athlete AND name = $name
