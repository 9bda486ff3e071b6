SELECT DISTINCT recording.activity_id, run.run_id IS NOT NULL AS is_run
FROM recording
LEFT JOIN run ON run.athlete = recording.athlete AND run.run_id = recording.activity_id
WHERE recording.athlete = $athlete AND starts_with(recording.recording_id, $prefix)
ORDER BY recording.activity_id
LIMIT 20
