-- name: dose_changes
-- reads: dose_change
SELECT change_id, seq, issued_utc, day, verdict, before_level, after_level, reasons, rules_version
FROM dose_change
WHERE athlete = $athlete
ORDER BY seq

-- name: insert_dose_change
-- changes: dose_change
INSERT INTO dose_change (
    athlete, change_id, seq, issued_utc, day, verdict, before_level, after_level, reasons, rules_version
)
VALUES (
    $athlete, $change_id, nextval('issue_number'), $issued_utc, $day, $verdict, $before_level, $after_level,
    $reasons, $rules_version
)
ON CONFLICT DO NOTHING
