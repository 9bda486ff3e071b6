SELECT run_id, start_utc FROM run WHERE athlete = $athlete AND list_contains($ids, run_id) ORDER BY start_utc, run_id
