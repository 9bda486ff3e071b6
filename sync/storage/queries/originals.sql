SELECT sha256, format, size_bytes, first_seen_utc FROM original WHERE athlete = $athlete ORDER BY first_seen_utc, sha256
