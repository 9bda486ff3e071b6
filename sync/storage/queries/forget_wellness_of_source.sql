DELETE FROM wellness WHERE athlete = $athlete AND source = $source
