UPDATE flag SET cleared_utc = $cleared_utc, because = $because WHERE athlete = $athlete AND flag_id = $flag_id
