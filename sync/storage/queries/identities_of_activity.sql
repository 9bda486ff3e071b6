SELECT
    recording.recording_id, recording.activity_id, recording.source, recording.sha256, recording.leg, recording.sport,
    recording.sport_inferred, recording.start_utc, recording.elapsed_s, recording.timer_s, recording.distance_m,
    recording.serial_number, recording.time_created_utc, recording.partial, recording.sample_count,
    recording.richness, recording.format, recording.removed,
    coalesce(refs.refs, []) AS refs
FROM recording
LEFT JOIN (
    SELECT recording_id, list(ref ORDER BY ref) AS refs FROM recording_ref
    WHERE athlete = $athlete
        AND recording_id IN (SELECT recording_id FROM recording WHERE athlete = $athlete AND activity_id = $activity_id)
    GROUP BY recording_id
) AS refs USING (recording_id)
WHERE recording.athlete = $athlete AND recording.activity_id = $activity_id
ORDER BY recording.start_utc, recording.recording_id
