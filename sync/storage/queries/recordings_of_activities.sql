SELECT
    recording.recording_id, recording.number, recording.activity_id, recording.source, recording.source_ref,
    recording.sha256, recording.format, recording.leg, recording.start_utc, recording.elapsed_s, recording.timer_s,
    recording.distance_m, recording.device, recording.partial, recording.sample_count, recording.richness,
    recording.arrived_utc, recording.removed, recording.facts, recording.laps, recording.steps,
    coalesce(names.names, []) AS names
FROM recording
LEFT JOIN (
    SELECT sha256, list(name ORDER BY name) AS names FROM original_name WHERE athlete = $athlete GROUP BY sha256
) AS names USING (sha256)
WHERE recording.athlete = $athlete AND recording.activity_id IN (SELECT unnest($ids))
ORDER BY recording.recording_id
