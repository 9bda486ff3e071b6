DELETE FROM gear WHERE athlete = $athlete AND source = $source
