SELECT from_utc, marks FROM dirty WHERE athlete = $athlete
