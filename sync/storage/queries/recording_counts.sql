SELECT
    count(*) AS recordings,
    count(DISTINCT run.run_id) AS runs,
    count(*) FILTER (run.run_id IS NULL) AS other
FROM recording
LEFT JOIN run ON run.athlete = recording.athlete AND run.run_id = recording.activity_id
WHERE recording.athlete = $athlete
