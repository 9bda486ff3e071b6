SELECT count(*) AS listed, count(*) FILTER (taken IS NOT NULL) AS taken
FROM listed
WHERE athlete = $athlete AND source = $source AND NOT gone
