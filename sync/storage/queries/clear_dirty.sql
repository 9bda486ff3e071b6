DELETE FROM dirty WHERE athlete = $athlete AND marks = $marks
