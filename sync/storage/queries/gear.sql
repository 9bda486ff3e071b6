SELECT source, gear_id, name, kind, facts FROM gear WHERE athlete = $athlete ORDER BY source, gear_id
