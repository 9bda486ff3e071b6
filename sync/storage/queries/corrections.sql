SELECT
    correction.recording_id, recording.activity_id, correction.seq, correction.is_run, correction.kind,
    correction.intensity, correction.long_run, correction.hills, correction.surface, correction.confirmed
FROM correction
LEFT JOIN recording USING (athlete, recording_id)
WHERE correction.athlete = $athlete
ORDER BY correction.seq, correction.recording_id
