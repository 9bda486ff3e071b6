SELECT
    prescription_id, seq, issued_utc, day, time_window, kind, run_id, minutes, drills, reasons, warnings,
    rules_version, one_minute, gentle, counts, supersedes, inputs
FROM prescription
WHERE athlete = $athlete AND prescription_id = $prescription_id
