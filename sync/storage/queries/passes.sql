SELECT pass_id, source, started_utc, ended_utc, result, counts
FROM pass
WHERE athlete = $athlete
ORDER BY started_utc DESC, pass_id
LIMIT $limit
