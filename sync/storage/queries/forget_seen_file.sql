DELETE FROM seen_file WHERE athlete = $athlete AND path = $path
