DELETE FROM source_state WHERE athlete = $athlete AND source = $source AND key = $key
