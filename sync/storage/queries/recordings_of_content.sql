SELECT recording_id, leg, activity_id FROM recording WHERE athlete = $athlete AND sha256 = $sha256 ORDER BY leg
