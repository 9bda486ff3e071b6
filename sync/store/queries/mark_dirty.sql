INSERT INTO dirty (athlete, from_utc) VALUES ($athlete, $from_utc)
ON CONFLICT DO UPDATE SET from_utc = least(from_utc, excluded.from_utc)
