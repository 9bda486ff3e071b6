INSERT INTO job (athlete, name, next_due_utc, last_started_utc, last_success_utc, failures, note)
VALUES ($athlete, $name, $next_due_utc, $last_started_utc, $last_success_utc, $failures, $note)
ON CONFLICT DO UPDATE SET next_due_utc = excluded.next_due_utc, last_started_utc = excluded.last_started_utc,
    last_success_utc = excluded.last_success_utc, failures = excluded.failures, note = excluded.note
