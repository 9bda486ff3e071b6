-- name: card_answers
-- reads: card_answer
SELECT card_id, answer, at_utc, day, seq FROM card_answer WHERE athlete = $athlete ORDER BY seq

-- name: upsert_card_answer
-- changes: card_answer
INSERT INTO card_answer (athlete, card_id, answer, at_utc, day, seq)
VALUES ($athlete, $card_id, $answer, $at_utc, $day, $seq)
ON CONFLICT DO UPDATE SET answer = excluded.answer, at_utc = excluded.at_utc, day = excluded.day, seq = excluded.seq
