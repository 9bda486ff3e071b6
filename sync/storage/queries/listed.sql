SELECT
    source_id, start_utc, revision, core, sport, taken, taken_core, attempts, tried_utc, missing_since_utc, asked_utc,
    gone
FROM listed
WHERE athlete = $athlete AND source = $source
    AND (start_utc >= $since_utc OR (NOT gone AND taken IS DISTINCT FROM revision))
ORDER BY start_utc DESC, source_id DESC
