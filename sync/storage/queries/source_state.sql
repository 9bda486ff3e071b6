SELECT source, key, value FROM source_state WHERE athlete = $athlete AND source = $source ORDER BY key
