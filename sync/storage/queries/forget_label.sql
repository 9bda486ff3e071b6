DELETE FROM label WHERE athlete = $athlete AND run_id = $run_id
