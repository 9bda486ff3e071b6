INSERT INTO pass (athlete, pass_id, source, started_utc, ended_utc, result, counts)
VALUES ($athlete, $pass_id, $source, $started_utc, $ended_utc, $result, $counts)
ON CONFLICT DO UPDATE SET ended_utc = excluded.ended_utc, result = excluded.result, counts = excluded.counts
