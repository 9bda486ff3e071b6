UPDATE recording SET activity_id = $activity_id WHERE athlete = $athlete AND recording_id = $recording_id
