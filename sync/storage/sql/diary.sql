-- name: diary
-- reads: diary
SELECT entry_id, what, at_utc, day, score, place, side, at_when, note, seq
FROM diary
WHERE athlete = $athlete
    AND ($first_day IS NULL OR day >= $first_day)
    AND ($last_day IS NULL OR day <= $last_day)
ORDER BY at_utc, seq, entry_id

-- name: entry
-- reads: diary
SELECT entry_id, what, at_utc, day, score, place, side, at_when, note, seq
FROM diary
WHERE athlete = $athlete AND entry_id = $entry_id

-- name: upsert_entry
-- changes: diary
INSERT INTO diary (athlete, entry_id, what, at_utc, day, score, place, side, at_when, note, seq)
VALUES ($athlete, $entry_id, $what, $at_utc, $day, $score, $place, $side, $at_when, $note, $seq)
ON CONFLICT DO UPDATE SET what = excluded.what, at_utc = excluded.at_utc, day = excluded.day, score = excluded.score,
    place = excluded.place, side = excluded.side, at_when = excluded.at_when, note = excluded.note, seq = excluded.seq

-- name: delete_entry
-- changes: diary
DELETE FROM diary WHERE athlete = $athlete AND entry_id = $entry_id
