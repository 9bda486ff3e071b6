DELETE FROM planned WHERE athlete = $athlete AND planned_id = $planned_id
