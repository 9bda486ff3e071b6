SELECT original.sha256, original.format, original.size_bytes, original.first_seen_utc
FROM original
LEFT JOIN recording USING (athlete, sha256)
WHERE original.athlete = $athlete AND recording.recording_id IS NULL
ORDER BY original.sha256
