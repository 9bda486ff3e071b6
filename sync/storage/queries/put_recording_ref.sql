INSERT INTO recording_ref (athlete, recording_id, source, ref) VALUES ($athlete, $recording_id, $source, $ref)
ON CONFLICT DO NOTHING
