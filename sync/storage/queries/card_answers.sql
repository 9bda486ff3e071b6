SELECT card_id, answer, at_utc, day, seq FROM card_answer WHERE athlete = $athlete ORDER BY seq
