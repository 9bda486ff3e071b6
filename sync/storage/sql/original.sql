-- name: originals
-- reads: original
SELECT sha256, format, size_bytes, first_seen_utc FROM original WHERE athlete = $athlete ORDER BY first_seen_utc, sha256

-- name: originals_only_of_removed
-- reads: original, recording
SELECT sha256, format, size_bytes, first_seen_utc
FROM original
WHERE athlete = $athlete AND list_contains($hashes, sha256)
    AND NOT EXISTS (
        SELECT 1 FROM recording
        WHERE recording.athlete = original.athlete AND recording.sha256 = original.sha256 AND NOT recording.removed
    )
ORDER BY sha256

-- name: orphaned_originals
-- reads: original, recording
SELECT original.sha256, original.format, original.size_bytes, original.first_seen_utc
FROM original
LEFT JOIN recording USING (athlete, sha256)
WHERE original.athlete = $athlete AND recording.recording_id IS NULL
ORDER BY original.sha256

-- name: original_known
-- reads: original
SELECT count(*) > 0 FROM original WHERE athlete = $athlete AND sha256 = $sha256

-- name: original_names
-- reads: original_name
SELECT name FROM original_name WHERE athlete = $athlete AND sha256 = $sha256 ORDER BY name

-- name: insert_original
-- changes: original
INSERT INTO original (athlete, sha256, format, size_bytes, first_seen_utc)
VALUES ($athlete, $sha256, $format, $size_bytes, $first_seen_utc)
ON CONFLICT DO NOTHING

-- name: insert_original_name
-- changes: original_name
INSERT INTO original_name (athlete, sha256, name) VALUES ($athlete, $sha256, $name) ON CONFLICT DO NOTHING

-- name: delete_original
-- changes: original
DELETE FROM original WHERE athlete = $athlete AND sha256 = $sha256

-- name: delete_original_names
-- changes: original_name
DELETE FROM original_name WHERE athlete = $athlete AND sha256 = $sha256
