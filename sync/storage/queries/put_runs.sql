INSERT INTO run (
    athlete, run_id, start_utc, utc_offset_s, offset_assumed, day, title, sub_sport, device, gear, distance_m,
    elapsed_s, timer_s, moving_s, ascent_m, descent_m, mean_heart_rate_bpm, max_heart_rate_bpm, partial,
    sport_inferred, removed, arrived_utc, provenance, features, features_version
)
SELECT
    $athlete, run_id, start_utc, utc_offset_s, offset_assumed, day, title, sub_sport, device, gear, distance_m,
    elapsed_s, timer_s, moving_s, ascent_m, descent_m, mean_heart_rate_bpm, max_heart_rate_bpm, partial,
    sport_inferred, removed, arrived_utc, provenance, features, features_version
FROM incoming
