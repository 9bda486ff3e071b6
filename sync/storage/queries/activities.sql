-- What is kept but is no run: other sports, and what the runner took out.
SELECT
    recording.recording_id, recording.activity_id, recording.sport, recording.sub_sport, recording.start_utc,
    recording.elapsed_s, recording.distance_m, recording.facts
FROM recording
LEFT JOIN run ON run.athlete = recording.athlete AND run.run_id = recording.activity_id
WHERE recording.athlete = $athlete
    AND recording.recording_id = recording.activity_id
    AND run.run_id IS NULL
    AND ($from_utc IS NULL OR recording.start_utc >= $from_utc)
    AND ($until_utc IS NULL OR recording.start_utc < $until_utc)
ORDER BY recording.start_utc DESC, recording.recording_id
