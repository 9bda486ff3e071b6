-- name: listed
-- reads: listed
-- What began since then, what is unfinished, and the activities in $ids whatever their date.
SELECT
    source_id, start_utc, revision, core, sport, taken, taken_core, attempts, tried_utc, missing_since_utc, asked_utc,
    gone
FROM listed
WHERE athlete = $athlete AND source = $source
    AND (
        start_utc >= $since_utc OR (NOT gone AND taken IS DISTINCT FROM revision)
        OR source_id IN (SELECT unnest($ids))
    )
ORDER BY start_utc DESC, source_id DESC

-- name: count_listed
-- reads: listed
SELECT
    count(*) AS listed,
    count(*) FILTER (taken IS NOT NULL) AS taken,
    count(*) FILTER (taken IS NULL AND attempts > 0) AS owed
FROM listed
WHERE athlete = $athlete AND source = $source AND NOT gone

-- name: upsert_listed
-- changes: listed
INSERT INTO listed (
    athlete, source, source_id, start_utc, revision, core, sport, taken, taken_core, attempts, tried_utc,
    missing_since_utc, asked_utc, gone
)
VALUES (
    $athlete, $source, $source_id, $start_utc, $revision, $core, $sport, $taken, $taken_core, $attempts, $tried_utc,
    $missing_since_utc, $asked_utc, $gone
)
ON CONFLICT DO UPDATE SET start_utc = excluded.start_utc, revision = excluded.revision, core = excluded.core,
    sport = excluded.sport, taken = excluded.taken, taken_core = excluded.taken_core, attempts = excluded.attempts,
    tried_utc = excluded.tried_utc, missing_since_utc = excluded.missing_since_utc, asked_utc = excluded.asked_utc,
    gone = excluded.gone

-- name: coarsen_listed
-- changes: listed
-- Of what was listed that long ago the day is enough: the id alone keeps it from being fetched again.
UPDATE listed SET start_utc = date_trunc('day', start_utc)
WHERE athlete = $athlete AND source = $source AND start_utc < $before_utc

-- name: delete_listed
-- changes: listed
DELETE FROM listed WHERE athlete = $athlete AND source = $source
