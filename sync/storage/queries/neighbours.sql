-- Everything that could be linked to the recordings in $ids by one step: near in time, same file, same service id,
-- or by the runner's word.
SELECT recording.recording_id
FROM recording
JOIN recording AS known ON known.athlete = $athlete AND list_contains($ids, known.recording_id)
WHERE recording.athlete = $athlete
    AND (
        abs(epoch(recording.start_utc) - epoch(known.start_utc)) <= $within_s
        OR recording.activity_id = known.activity_id
        OR (recording.sha256 = known.sha256 AND recording.format IN ('fit', 'tcx', 'gpx'))
        OR (recording.serial_number = known.serial_number AND recording.time_created_utc = known.time_created_utc)
    )
UNION
SELECT other.recording_id
FROM recording_ref AS known
JOIN recording_ref AS other ON other.athlete = known.athlete AND other.ref = known.ref
WHERE known.athlete = $athlete AND list_contains($ids, known.recording_id)
UNION
SELECT unnest([recording_a, recording_b])
FROM merge_decision
WHERE athlete = $athlete AND (list_contains($ids, recording_a) OR list_contains($ids, recording_b))
