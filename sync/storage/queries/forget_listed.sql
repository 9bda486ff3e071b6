DELETE FROM listed WHERE athlete = $athlete AND source = $source
