-- What adherence needs of each prescription, superseded ones included, and no more: a year of them is read at once.
SELECT prescription_id, day, time_window, run_id, minutes, counts, supersedes
FROM prescription
WHERE athlete = $athlete AND day >= $first_day
ORDER BY seq
