SELECT
    recording_id, start_utc, elapsed_s, source, device,
    (
        SELECT min(name) FROM original_name
        WHERE original_name.athlete = $athlete AND original_name.sha256 = recording.sha256
    ) AS name
FROM recording
WHERE athlete = $athlete AND recording_id IN (SELECT unnest($ids))
