INSERT INTO prescription (
    athlete, prescription_id, seq, issued_utc, day, time_window, kind, run_id, minutes, drills, reasons, warnings,
    rules_version, one_minute, gentle, counts, supersedes, inputs
)
VALUES (
    $athlete, $prescription_id, nextval('issue_number'), $issued_utc, $day, $time_window, $kind, $run_id, $minutes,
    $drills, $reasons, $warnings, $rules_version, $one_minute, $gentle, $counts, $supersedes, $inputs
)
ON CONFLICT DO NOTHING
