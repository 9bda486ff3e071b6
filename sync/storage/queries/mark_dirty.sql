INSERT INTO dirty (athlete, from_utc, marks) VALUES ($athlete, $from_utc, 1)
ON CONFLICT DO UPDATE SET from_utc = least(from_utc, excluded.from_utc), marks = marks + 1
