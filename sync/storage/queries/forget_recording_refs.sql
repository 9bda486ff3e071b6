DELETE FROM recording_ref WHERE athlete = $athlete AND recording_id = $recording_id
