SELECT change_id, seq, issued_utc, day, verdict, before_level, after_level, reasons, rules_version
FROM dose_change
WHERE athlete = $athlete
ORDER BY seq
