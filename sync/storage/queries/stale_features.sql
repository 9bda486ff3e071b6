SELECT run_id, start_utc
FROM run
WHERE athlete = $athlete AND features_version <> $features_version
ORDER BY start_utc, run_id
