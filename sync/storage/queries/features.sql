SELECT run_id, start_utc, features, features_version
FROM run
WHERE athlete = $athlete AND NOT removed AND ($from_utc IS NULL OR start_utc >= $from_utc)
ORDER BY start_utc, run_id
