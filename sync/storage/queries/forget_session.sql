DELETE FROM session WHERE athlete = $athlete AND session_id = $session_id
