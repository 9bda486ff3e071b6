SELECT entry_id, what, at_utc, day, score, place, side, at_when, note, seq
FROM diary
WHERE athlete = $athlete
    AND ($first_day IS NULL OR day >= $first_day)
    AND ($last_day IS NULL OR day <= $last_day)
ORDER BY at_utc, seq, entry_id
