DELETE FROM job WHERE athlete = $athlete AND name = $name
