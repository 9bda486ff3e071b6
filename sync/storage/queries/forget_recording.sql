DELETE FROM recording WHERE athlete = $athlete AND recording_id = $recording_id
