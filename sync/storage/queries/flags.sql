SELECT flag_id, name, at_utc, day, cleared_utc, because, seq FROM flag WHERE athlete = $athlete ORDER BY at_utc, seq
