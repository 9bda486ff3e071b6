SELECT key, value, at_utc FROM preference WHERE athlete = $athlete ORDER BY key
