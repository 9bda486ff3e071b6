-- name: flags
-- reads: flag
SELECT flag_id, name, at_utc, day, cleared_utc, because, seq FROM flag WHERE athlete = $athlete ORDER BY at_utc, seq

-- name: upsert_flag
-- changes: flag
INSERT INTO flag (athlete, flag_id, name, at_utc, day, cleared_utc, because, seq)
VALUES ($athlete, $flag_id, $name, $at_utc, $day, NULL, NULL, $seq)
ON CONFLICT DO UPDATE SET name = excluded.name, at_utc = excluded.at_utc, day = excluded.day, seq = excluded.seq

-- name: set_flag_cleared
-- changes: flag
UPDATE flag SET cleared_utc = $cleared_utc, because = $because WHERE athlete = $athlete AND flag_id = $flag_id
