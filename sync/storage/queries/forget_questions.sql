DELETE FROM question WHERE athlete = $athlete
