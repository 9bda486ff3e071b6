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
