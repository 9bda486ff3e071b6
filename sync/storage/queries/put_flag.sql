INSERT INTO flag (athlete, flag_id, name, at_utc, day, cleared_utc, because, seq)
VALUES ($athlete, $flag_id, $name, $at_utc, $day, NULL, NULL, $seq)
ON CONFLICT DO UPDATE SET name = excluded.name, at_utc = excluded.at_utc, day = excluded.day, seq = excluded.seq
