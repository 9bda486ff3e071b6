SELECT recording_id, activity_id, sha256, leg, sport, start_utc, elapsed_s
FROM recording
WHERE athlete = $athlete AND source = $source AND NOT removed AND arrived_utc < $before_utc
ORDER BY start_utc, recording_id
