-- name: pauses
-- reads: pause
SELECT pause_id, reason, from_day, until_day, seq FROM pause WHERE athlete = $athlete ORDER BY from_day, seq, pause_id

-- name: upsert_pause
-- changes: pause
INSERT INTO pause (athlete, pause_id, reason, from_day, until_day, seq)
VALUES ($athlete, $pause_id, $reason, $from_day, $until_day, $seq)
ON CONFLICT DO UPDATE SET reason = excluded.reason, from_day = excluded.from_day, until_day = excluded.until_day,
    seq = excluded.seq

-- name: end_pauses
-- changes: pause
UPDATE pause
SET until_day = $last_day
WHERE athlete = $athlete AND from_day <= $last_day AND (until_day IS NULL OR until_day > $last_day)

-- name: delete_pauses_from
-- changes: pause
DELETE FROM pause WHERE athlete = $athlete AND from_day >= $from_day
