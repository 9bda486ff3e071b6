SELECT recording_id, number, activity_id, sha256, arrived_utc, facts
FROM recording
WHERE athlete = $athlete AND recording_id IN (SELECT unnest($ids))
