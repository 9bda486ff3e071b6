INSERT INTO label (
    athlete, run_id, start_utc, primary_kind, primary_confidence, possible, facets, tier, rules_version, asks,
    corrected, segments, zone_s, thresholds
)
SELECT
    $athlete, run_id, start_utc, primary_kind, primary_confidence, possible, facets, tier, rules_version, asks,
    corrected, segments, zone_s, thresholds
FROM incoming
