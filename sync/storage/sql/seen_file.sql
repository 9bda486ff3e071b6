-- name: seen_files
-- reads: seen_file
SELECT path, size_bytes, modified_ns, reader, leaves FROM seen_file WHERE athlete = $athlete

-- name: upsert_seen_file
-- changes: seen_file
INSERT INTO seen_file (athlete, path, size_bytes, modified_ns, reader, leaves, seen_utc)
VALUES ($athlete, $path, $size_bytes, $modified_ns, $reader, $leaves, $seen_utc)
ON CONFLICT DO UPDATE SET size_bytes = excluded.size_bytes, modified_ns = excluded.modified_ns,
    reader = excluded.reader, leaves = excluded.leaves, seen_utc = excluded.seen_utc

-- name: delete_seen_file
-- changes: seen_file
DELETE FROM seen_file WHERE athlete = $athlete AND path = $path
