DELETE FROM label
WHERE athlete = $athlete
    AND (
        start_utc >= $from_utc
        OR run_id NOT IN (SELECT run_id FROM run WHERE athlete = $athlete)
        OR run_id IN (SELECT run_id FROM run WHERE athlete = $athlete AND start_utc >= $from_utc)
    )
