INSERT INTO session (athlete, session_id, at_utc, day, state, prescription_id, minutes, reason, seq)
VALUES ($athlete, $session_id, $at_utc, $day, $state, $prescription_id, $minutes, $reason, $seq)
ON CONFLICT DO UPDATE SET at_utc = excluded.at_utc, day = excluded.day, state = excluded.state,
    prescription_id = excluded.prescription_id, minutes = excluded.minutes, reason = excluded.reason, seq = excluded.seq
