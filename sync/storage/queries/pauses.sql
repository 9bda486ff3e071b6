SELECT pause_id, reason, from_day, until_day, seq FROM pause WHERE athlete = $athlete ORDER BY from_day, seq, pause_id
