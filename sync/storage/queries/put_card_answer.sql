INSERT INTO card_answer (athlete, card_id, answer, at_utc, day, seq)
VALUES ($athlete, $card_id, $answer, $at_utc, $day, $seq)
ON CONFLICT DO UPDATE SET answer = excluded.answer, at_utc = excluded.at_utc, day = excluded.day, seq = excluded.seq
