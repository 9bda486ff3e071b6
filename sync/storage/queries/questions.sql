SELECT question_id, kind, recording_a, recording_b, why, start_utc
FROM question
WHERE athlete = $athlete
ORDER BY start_utc DESC, question_id
