SELECT count(DISTINCT recording.activity_id)
FROM recording
LEFT JOIN run ON run.athlete = recording.athlete AND run.run_id = recording.activity_id
WHERE recording.athlete = $athlete AND run.run_id IS NULL
