SELECT label.zone_s
FROM run
JOIN label USING (athlete, run_id)
WHERE run.athlete = $athlete AND run.day BETWEEN $first_day AND $last_day
ORDER BY run.start_utc, run.run_id
