DELETE FROM pause WHERE athlete = $athlete AND from_day >= $from_day
