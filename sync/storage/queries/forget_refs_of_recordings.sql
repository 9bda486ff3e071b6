DELETE FROM recording_ref WHERE athlete = $athlete AND source = $source AND recording_id IN (SELECT unnest($ids))
