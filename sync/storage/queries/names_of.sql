SELECT name FROM original_name WHERE athlete = $athlete AND sha256 = $sha256 ORDER BY name
