UPDATE recording
SET removed = TRUE, start_utc = $start_utc, elapsed_s = 0, facts = $facts, laps = '[]', steps = '[]', device = NULL,
    sub_sport = NULL, timer_s = NULL, distance_m = NULL, serial_number = NULL, time_created_utc = NULL,
    sample_count = 0, richness = 0, partial = FALSE
WHERE athlete = $athlete AND recording_id = $recording_id
