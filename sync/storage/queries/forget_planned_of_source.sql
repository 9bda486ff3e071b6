DELETE FROM planned
WHERE athlete = $athlete AND source = $source AND day BETWEEN $first_day AND $last_day
