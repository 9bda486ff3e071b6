INSERT INTO seen_file (athlete, path, size_bytes, modified_ns, reader, leaves, seen_utc)
VALUES ($athlete, $path, $size_bytes, $modified_ns, $reader, $leaves, $seen_utc)
ON CONFLICT DO UPDATE SET size_bytes = excluded.size_bytes, modified_ns = excluded.modified_ns,
    reader = excluded.reader, leaves = excluded.leaves, seen_utc = excluded.seen_utc
