DELETE FROM diary WHERE athlete = $athlete AND entry_id = $entry_id
