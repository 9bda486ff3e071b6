-- Of what was listed that long ago the day is enough: the id alone keeps it from being fetched again.
UPDATE listed SET start_utc = date_trunc('day', start_utc)
WHERE athlete = $athlete AND source = $source AND start_utc < $before_utc
