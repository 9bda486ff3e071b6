SELECT DISTINCT rules_version FROM label WHERE athlete = $athlete ORDER BY rules_version
