INSERT INTO recording (
    athlete, recording_id, number, activity_id, source, source_ref, sha256, format, leg, sport, sub_sport,
    sport_inferred, start_utc, elapsed_s, timer_s, distance_m, serial_number, time_created_utc, device, partial,
    sample_count, richness, arrived_utc, removed, facts, laps, steps
)
VALUES (
    $athlete, $recording_id, $number, $recording_id, $source, $source_ref, $sha256, $format, $leg, $sport, $sub_sport,
    $sport_inferred, $start_utc, $elapsed_s, $timer_s, $distance_m, $serial_number, $time_created_utc, $device,
    $partial, $sample_count, $richness, $arrived_utc, $removed, $facts, $laps, $steps
)
