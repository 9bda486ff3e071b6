INSERT INTO recording_ref (athlete, recording_id, source, ref)
SELECT $athlete, recording_id, source, ref FROM incoming
ON CONFLICT DO NOTHING
