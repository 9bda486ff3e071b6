SELECT entry_id, what, at_utc, day, score, place, side, at_when, note, seq
FROM diary
WHERE athlete = $athlete AND entry_id = $entry_id
