SELECT recording.recording_id, recording.leg, recording.activity_id
FROM recording
JOIN recording_ref USING (athlete, recording_id)
WHERE recording.athlete = $athlete AND recording_ref.ref = $ref
ORDER BY recording.recording_id
