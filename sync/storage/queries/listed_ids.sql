SELECT
    source_id, start_utc, revision, core, sport, taken, taken_core, attempts, tried_utc, missing_since_utc, asked_utc,
    gone
FROM listed
WHERE athlete = $athlete AND source = $source AND list_contains($ids, source_id)
ORDER BY start_utc DESC, source_id DESC
