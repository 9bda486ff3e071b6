SELECT sha256, format, size_bytes, first_seen_utc
FROM original
WHERE athlete = $athlete AND list_contains($hashes, sha256)
    AND NOT EXISTS (
        SELECT 1 FROM recording
        WHERE recording.athlete = original.athlete AND recording.sha256 = original.sha256 AND NOT recording.removed
    )
ORDER BY sha256
