INSERT INTO diary (athlete, entry_id, what, at_utc, day, score, place, side, at_when, note, seq)
VALUES ($athlete, $entry_id, $what, $at_utc, $day, $score, $place, $side, $at_when, $note, $seq)
ON CONFLICT DO UPDATE SET what = excluded.what, at_utc = excluded.at_utc, day = excluded.day, score = excluded.score,
    place = excluded.place, side = excluded.side, at_when = excluded.at_when, note = excluded.note, seq = excluded.seq
