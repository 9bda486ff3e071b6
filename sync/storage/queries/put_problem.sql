INSERT INTO problem (athlete, problem_id, source, place, name, reason, detail, first_seen_utc, last_seen_utc)
VALUES ($athlete, $problem_id, $source, $place, $name, $reason, $detail, $now_utc, $now_utc)
ON CONFLICT DO UPDATE SET name = excluded.name, reason = excluded.reason, detail = excluded.detail,
    last_seen_utc = excluded.last_seen_utc
