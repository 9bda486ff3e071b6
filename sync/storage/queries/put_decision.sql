INSERT INTO merge_decision (athlete, recording_a, recording_b, verdict, seq)
VALUES ($athlete, $recording_a, $recording_b, $verdict, $seq)
ON CONFLICT DO UPDATE SET verdict = excluded.verdict, seq = excluded.seq
