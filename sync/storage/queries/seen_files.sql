SELECT path, size_bytes, modified_ns, reader, leaves FROM seen_file WHERE athlete = $athlete
