-- name: zoned_recordings
-- reads: recording
SELECT
    recording_id, source, format, start_utc, CAST(facts ->> '$.utc_offset_s' AS BIGINT) AS utc_offset_s,
    facts ->> '$.zone' AS zone, facts ->> '$.zone_from' AS zone_from
FROM recording
WHERE athlete = $athlete AND NOT removed
ORDER BY start_utc, recording_id

-- name: first_places
-- reads: recording, sample
SELECT
    recording.recording_id,
    arg_min(sample.latitude_deg, sample.t_s) AS latitude_deg,
    arg_min(sample.longitude_deg, sample.t_s) AS longitude_deg
FROM recording
JOIN sample USING (number)
WHERE recording.athlete = $athlete AND recording.recording_id IN (SELECT unnest($ids))
    AND isfinite(sample.latitude_deg) AND isfinite(sample.longitude_deg)
GROUP BY recording.recording_id

-- name: assumed_runs
-- reads: recording, run
SELECT recording.recording_id, run.run_id, run.start_utc, run.utc_offset_s
FROM recording
JOIN run ON run.athlete = recording.athlete AND run.run_id = recording.activity_id
WHERE recording.athlete = $athlete AND recording.recording_id IN (SELECT unnest($ids))
    AND run.offset_assumed AND NOT run.removed AND NOT recording.removed
    AND (recording.facts ->> '$.zone_from') IS NULL AND (recording.facts ->> '$.utc_offset_s') IS NULL
ORDER BY run.start_utc, recording.recording_id

-- name: set_zone
-- changes: recording
-- A merge patch takes out what it says null of.
UPDATE recording
SET facts = json_merge_patch(facts, CAST($patch AS JSON))
WHERE athlete = $athlete AND recording_id = $recording_id
