SELECT session_id, at_utc, day, state, prescription_id, minutes, reason, seq
FROM session
WHERE athlete = $athlete
    AND ($first_day IS NULL OR day >= $first_day)
    AND ($last_day IS NULL OR day <= $last_day)
ORDER BY at_utc, seq, session_id
