SELECT arrived_utc FROM recording WHERE athlete = $athlete AND recording_id = $recording_id
