-- The ids by which the other copies of the same activities are known.
SELECT DISTINCT mine.recording_id, recording_ref.ref
FROM recording AS mine
JOIN recording AS other ON other.athlete = mine.athlete AND other.activity_id = mine.activity_id
JOIN recording_ref ON recording_ref.athlete = other.athlete AND recording_ref.recording_id = other.recording_id
WHERE mine.athlete = $athlete AND list_contains($ids, mine.recording_id) AND other.source <> mine.source
    AND recording_ref.source <> mine.source AND NOT starts_with(recording_ref.ref, 'local:')
ORDER BY mine.recording_id, recording_ref.ref
