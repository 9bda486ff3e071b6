INSERT INTO question (athlete, question_id, kind, recording_a, recording_b, why, start_utc)
SELECT $athlete, question_id, kind, recording_a, recording_b, why, start_utc FROM incoming
