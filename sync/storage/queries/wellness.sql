SELECT source, day, facts
FROM wellness
WHERE athlete = $athlete AND day BETWEEN $first_day AND $last_day
ORDER BY day, source
