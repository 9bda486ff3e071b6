DELETE FROM original WHERE athlete = $athlete AND sha256 = $sha256
