DELETE FROM correction WHERE athlete = $athlete AND recording_id = $recording_id
