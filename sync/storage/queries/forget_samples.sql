DELETE FROM sample
WHERE number IN (SELECT number FROM recording WHERE athlete = $athlete AND recording_id = $recording_id)
