-- name: sessions
-- reads: session
SELECT session_id, at_utc, day, state, prescription_id, minutes, reason, seq, drills
FROM session
WHERE athlete = $athlete
    AND ($first_day IS NULL OR day >= $first_day)
    AND ($last_day IS NULL OR day <= $last_day)
ORDER BY at_utc, seq, session_id

-- name: upsert_session
-- changes: session
INSERT INTO session (athlete, session_id, at_utc, day, state, prescription_id, minutes, reason, seq)
VALUES ($athlete, $session_id, $at_utc, $day, $state, $prescription_id, $minutes, $reason, $seq)
ON CONFLICT DO UPDATE SET at_utc = excluded.at_utc, day = excluded.day, state = excluded.state,
    prescription_id = excluded.prescription_id, minutes = excluded.minutes, reason = excluded.reason, seq = excluded.seq

-- name: set_session_drills
-- changes: session
UPDATE session SET drills = $drills WHERE athlete = $athlete AND session_id = $session_id

-- name: delete_session
-- changes: session
DELETE FROM session WHERE athlete = $athlete AND session_id = $session_id
