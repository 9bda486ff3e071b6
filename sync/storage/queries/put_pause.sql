INSERT INTO pause (athlete, pause_id, reason, from_day, until_day, seq)
VALUES ($athlete, $pause_id, $reason, $from_day, $until_day, $seq)
ON CONFLICT DO UPDATE SET reason = excluded.reason, from_day = excluded.from_day, until_day = excluded.until_day,
    seq = excluded.seq
