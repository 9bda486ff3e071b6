INSERT INTO preference (athlete, key, value, at_utc, seq) VALUES ($athlete, $key, $value, $at_utc, $seq)
ON CONFLICT DO UPDATE SET value = excluded.value, at_utc = excluded.at_utc, seq = excluded.seq
