SELECT planned_id, source, day, kind, start_utc, title, probability
FROM planned
WHERE athlete = $athlete
    AND ($first_day IS NULL OR day >= $first_day)
    AND ($last_day IS NULL OR day <= $last_day)
ORDER BY day, start_utc, planned_id
