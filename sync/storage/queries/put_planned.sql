INSERT INTO planned (athlete, planned_id, source, day, kind, start_utc, title, probability, seq)
VALUES ($athlete, $planned_id, $source, $day, $kind, $start_utc, $title, $probability, $seq)
ON CONFLICT DO UPDATE SET source = excluded.source, day = excluded.day, kind = excluded.kind,
    start_utc = excluded.start_utc, title = excluded.title, probability = excluded.probability, seq = excluded.seq
