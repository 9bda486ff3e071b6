-- name: sync_runs
-- reads: pass
SELECT pass_id, source, started_utc, ended_utc, result, counts
FROM pass
WHERE athlete = $athlete
ORDER BY started_utc DESC, pass_id
LIMIT $limit

-- name: upsert_sync_run
-- changes: pass
INSERT INTO pass (athlete, pass_id, source, started_utc, ended_utc, result, counts)
VALUES ($athlete, $pass_id, $source, $started_utc, $ended_utc, $result, $counts)
ON CONFLICT DO UPDATE SET ended_utc = excluded.ended_utc, result = excluded.result, counts = excluded.counts
