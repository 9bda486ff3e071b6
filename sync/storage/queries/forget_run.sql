DELETE FROM run WHERE athlete = $athlete AND run_id = $run_id
