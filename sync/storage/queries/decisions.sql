SELECT recording_a, recording_b, verdict FROM merge_decision WHERE athlete = $athlete ORDER BY recording_a, recording_b
