DELETE FROM recording WHERE athlete = $athlete AND recording_id IN (SELECT unnest($ids))
