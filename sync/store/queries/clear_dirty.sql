DELETE FROM dirty WHERE athlete = $athlete
