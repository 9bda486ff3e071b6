SELECT from_utc FROM dirty WHERE athlete = $athlete
