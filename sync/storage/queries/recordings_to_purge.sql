SELECT
    recording.recording_id, recording.activity_id, recording.sha256, recording.leg, recording.sport,
    coalesce(run.day, recording.start_utc::DATE) AS day
FROM recording
LEFT JOIN run ON run.athlete = recording.athlete AND run.run_id = recording.activity_id
WHERE recording.athlete = $athlete AND recording.source = $source AND NOT recording.removed
    AND recording.arrived_utc < $before_utc
ORDER BY recording.start_utc, recording.recording_id
