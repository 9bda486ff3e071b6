UPDATE recording
SET removed = TRUE, facts = $facts, laps = '[]', steps = '[]', device = NULL, sub_sport = NULL, timer_s = NULL,
    distance_m = NULL, serial_number = NULL, time_created_utc = NULL, sample_count = 0, richness = 0
WHERE athlete = $athlete AND recording_id = $recording_id
