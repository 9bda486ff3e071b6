DELETE FROM problem WHERE athlete = $athlete AND source = $source
