SELECT problem_id, source, place, name, reason, detail, first_seen_utc, last_seen_utc
FROM problem
WHERE athlete = $athlete
ORDER BY last_seen_utc DESC, source, name, problem_id
