-- Those of $ids that some source still knows.
SELECT DISTINCT recording_id FROM recording_ref WHERE athlete = $athlete AND list_contains($ids, recording_id)
