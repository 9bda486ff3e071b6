SELECT athlete, name, next_due_utc, last_started_utc, last_success_utc, failures, note FROM job ORDER BY athlete, name
