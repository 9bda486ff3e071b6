-- name: recordings_of_activities
-- reads: original_name, recording
SELECT
    recording.recording_id, recording.number, recording.activity_id, recording.source, recording.source_ref,
    recording.sha256, recording.format, recording.leg, recording.start_utc, recording.elapsed_s, recording.timer_s,
    recording.distance_m, recording.device, recording.partial, recording.sample_count, recording.richness,
    recording.arrived_utc, recording.removed, recording.facts, recording.laps, recording.steps,
    coalesce(names.names, []) AS names
FROM recording
LEFT JOIN (
    SELECT sha256, list(name ORDER BY name) AS names FROM original_name
    WHERE athlete = $athlete
        AND sha256 IN (
            SELECT sha256 FROM recording WHERE athlete = $athlete AND activity_id IN (SELECT unnest($ids))
        )
    GROUP BY sha256
) AS names USING (sha256)
WHERE recording.athlete = $athlete AND recording.activity_id IN (SELECT unnest($ids))
ORDER BY recording.recording_id

-- name: known_recordings
-- reads: recording
SELECT recording_id, number, activity_id, sha256, arrived_utc, facts
FROM recording
WHERE athlete = $athlete AND recording_id IN (SELECT unnest($ids))

-- name: recordings_of_content
-- reads: recording
SELECT recording_id, leg, activity_id, source, source_ref
FROM recording
WHERE athlete = $athlete AND sha256 = $sha256
ORDER BY leg

-- name: recordings_of_ref
-- reads: recording, recording_ref
SELECT recording.recording_id, recording.leg, recording.activity_id, recording.source, recording.source_ref
FROM recording
JOIN recording_ref USING (athlete, recording_id)
WHERE recording.athlete = $athlete AND recording_ref.ref = $ref
ORDER BY recording.recording_id

-- name: recordings_with_refs
-- reads: recording_ref
-- Those of $ids that some source still knows.
SELECT DISTINCT recording_id FROM recording_ref WHERE athlete = $athlete AND list_contains($ids, recording_id)

-- name: recording_captions
-- reads: original_name, recording
SELECT
    recording_id, start_utc, elapsed_s, source, device,
    (
        SELECT min(name) FROM original_name
        WHERE original_name.athlete = $athlete AND original_name.sha256 = recording.sha256
    ) AS name
FROM recording
WHERE athlete = $athlete AND recording_id IN (SELECT unnest($ids))

-- name: recordings_to_purge
-- reads: recording, run
SELECT
    recording.recording_id, recording.activity_id, recording.sha256, recording.leg, recording.sport,
    coalesce(run.day, recording.start_utc::DATE) AS day
FROM recording
LEFT JOIN run ON run.athlete = recording.athlete AND run.run_id = recording.activity_id
WHERE recording.athlete = $athlete AND recording.source = $source AND NOT recording.removed
    AND recording.arrived_utc < $before_utc
ORDER BY recording.start_utc, recording.recording_id

-- name: usual_speed
-- reads: recording
-- Of runs with samples: a table's rows have none. Five are the fewest that say what is usual.
SELECT CASE WHEN count(*) >= 5 THEN median(distance_m / coalesce(timer_s, elapsed_s)) END
FROM recording
WHERE athlete = $athlete AND sport = 'running' AND sample_count > 0 AND NOT removed
    AND distance_m > 0 AND coalesce(timer_s, elapsed_s) > 0

-- name: recording_counts
-- reads: recording, run
SELECT
    count(*) AS recordings,
    count(DISTINCT run.run_id) AS runs,
    count(*) FILTER (run.run_id IS NULL) AS other
FROM recording
LEFT JOIN run ON run.athlete = recording.athlete AND run.run_id = recording.activity_id
WHERE recording.athlete = $athlete

-- name: identities
-- reads: recording, recording_ref
-- Of everything, of the recordings in $ids, or of an activity.
WITH chosen AS (
    SELECT recording_id FROM recording
    WHERE athlete = $athlete
        AND ($ids IS NULL OR list_contains($ids, recording_id))
        AND ($activity_id IS NULL OR activity_id = $activity_id)
)
SELECT
    recording.recording_id, recording.activity_id, recording.source, recording.sha256, recording.leg, recording.sport,
    recording.sport_inferred, recording.start_utc, recording.elapsed_s, recording.timer_s, recording.distance_m,
    recording.serial_number, recording.time_created_utc, recording.partial, recording.sample_count,
    recording.richness, recording.format, recording.removed,
    -- Only what is no everyday sport can have a word that nobody knew.
    CASE WHEN recording.sport_inferred OR recording.sport NOT IN ('running', 'walking', 'cycling', 'swimming', 'hiking')
        THEN (recording.facts ->> '$.extra.sport_word') END AS sport_word,
    coalesce(refs.refs, []) AS refs
FROM recording
LEFT JOIN (
    SELECT recording_id, list(ref ORDER BY ref) AS refs FROM recording_ref
    WHERE athlete = $athlete AND recording_id IN (SELECT recording_id FROM chosen)
    GROUP BY recording_id
) AS refs USING (recording_id)
WHERE recording.athlete = $athlete
    AND ($ids IS NULL OR list_contains($ids, recording.recording_id))
    AND ($activity_id IS NULL OR recording.activity_id = $activity_id)
ORDER BY recording.start_utc, recording.recording_id

-- name: neighbours
-- reads: merge_decision, recording, recording_ref
-- Everything that could be linked to the recordings in $ids by one step: near in time, same file, same service id,
-- or by the runner's word.
SELECT recording.recording_id
FROM recording
JOIN recording AS known ON known.athlete = $athlete AND list_contains($ids, known.recording_id)
WHERE recording.athlete = $athlete
    AND (
        abs(epoch(recording.start_utc) - epoch(known.start_utc)) <= $within_s
        OR recording.activity_id = known.activity_id
        OR (recording.sha256 = known.sha256 AND recording.format IN ('fit', 'tcx', 'gpx'))
        OR (recording.serial_number = known.serial_number AND recording.time_created_utc = known.time_created_utc)
    )
UNION
SELECT other.recording_id
FROM recording_ref AS known
JOIN recording_ref AS other ON other.athlete = known.athlete AND other.ref = known.ref
WHERE known.athlete = $athlete AND list_contains($ids, known.recording_id)
UNION
SELECT unnest([recording_a, recording_b])
FROM merge_decision
WHERE athlete = $athlete AND (list_contains($ids, recording_a) OR list_contains($ids, recording_b))

-- name: refs_of_other_sources
-- reads: recording, recording_ref
-- The ids by which the other copies of the same activities are known.
SELECT DISTINCT mine.recording_id, recording_ref.ref
FROM recording AS mine
JOIN recording AS other ON other.athlete = mine.athlete AND other.activity_id = mine.activity_id
JOIN recording_ref ON recording_ref.athlete = other.athlete AND recording_ref.recording_id = other.recording_id
WHERE mine.athlete = $athlete AND list_contains($ids, mine.recording_id) AND other.source <> mine.source
    AND recording_ref.source <> mine.source AND NOT starts_with(recording_ref.ref, 'local:')
ORDER BY mine.recording_id, recording_ref.ref

-- name: same_file_known
-- reads: recording
-- Whether another content holds the recording that the same device made at the same moment.
SELECT count(*) > 0
FROM recording
WHERE athlete = $athlete
    AND sha256 <> $sha256
    AND serial_number = $serial_number
    AND time_created_utc = $time_created_utc
    AND abs(epoch(start_utc) - epoch(CAST($start_utc AS TIMESTAMP))) <= 1

-- name: activities
-- reads: recording, run
-- What is kept but is no run: other sports, and what the runner took out.
SELECT
    recording.recording_id, recording.activity_id, recording.sport, recording.sub_sport, recording.start_utc,
    recording.elapsed_s, recording.distance_m, recording.facts
FROM recording
LEFT JOIN run ON run.athlete = recording.athlete AND run.run_id = recording.activity_id
WHERE recording.athlete = $athlete
    AND recording.recording_id = recording.activity_id
    AND run.run_id IS NULL
    AND ($from_utc IS NULL OR recording.start_utc >= $from_utc)
    AND ($until_utc IS NULL OR recording.start_utc < $until_utc)
ORDER BY recording.start_utc DESC, recording.recording_id

-- name: activities_starting_with
-- reads: recording, run
SELECT DISTINCT recording.activity_id, run.run_id IS NOT NULL AS is_run
FROM recording
LEFT JOIN run ON run.athlete = recording.athlete AND run.run_id = recording.activity_id
WHERE recording.athlete = $athlete AND starts_with(recording.recording_id, $prefix)
ORDER BY recording.activity_id
LIMIT 20

-- name: count_activities
-- reads: recording, run
SELECT count(DISTINCT recording.activity_id)
FROM recording
LEFT JOIN run ON run.athlete = recording.athlete AND run.run_id = recording.activity_id
WHERE recording.athlete = $athlete AND run.run_id IS NULL

-- name: next_recording_number
-- reads: none
SELECT nextval('recording_number')

-- name: insert_recording
-- changes: recording
INSERT INTO recording (
    athlete, recording_id, number, activity_id, source, source_ref, sha256, format, leg, sport, sub_sport,
    sport_inferred, start_utc, elapsed_s, timer_s, distance_m, serial_number, time_created_utc, device, partial,
    sample_count, richness, arrived_utc, removed, facts, laps, steps
)
VALUES (
    $athlete, $recording_id, $number, $recording_id, $source, $source_ref, $sha256, $format, $leg, $sport, $sub_sport,
    $sport_inferred, $start_utc, $elapsed_s, $timer_s, $distance_m, $serial_number, $time_created_utc, $device,
    $partial, $sample_count, $richness, $arrived_utc, $removed, $facts, $laps, $steps
)

-- name: insert_recordings
-- changes: recording
INSERT INTO recording (
    athlete, recording_id, number, activity_id, source, source_ref, sha256, format, leg, sport, sub_sport,
    sport_inferred, start_utc, elapsed_s, timer_s, distance_m, serial_number, time_created_utc, device, partial,
    sample_count, richness, arrived_utc, removed, facts, laps, steps
)
SELECT
    $athlete, recording_id, nextval('recording_number'), recording_id, source, source_ref, sha256, format, leg, sport,
    sub_sport, sport_inferred, start_utc, elapsed_s, timer_s, distance_m, serial_number, time_created_utc, device,
    partial, sample_count, richness, arrived_utc, removed, facts, laps, steps
FROM incoming

-- name: insert_recording_ref
-- changes: recording_ref
INSERT INTO recording_ref (athlete, recording_id, source, ref) VALUES ($athlete, $recording_id, $source, $ref)
ON CONFLICT DO NOTHING

-- name: insert_recording_refs
-- changes: recording_ref
INSERT INTO recording_ref (athlete, recording_id, source, ref)
SELECT $athlete, recording_id, source, ref FROM incoming
ON CONFLICT DO NOTHING

-- name: set_activity
-- changes: recording
UPDATE recording SET activity_id = $activity_id WHERE athlete = $athlete AND recording_id = $recording_id

-- name: set_content
-- changes: recording
-- A newer table says the same of these activities.
UPDATE recording SET sha256 = $sha256 WHERE athlete = $athlete AND recording_id IN (SELECT unnest($ids))

-- name: tombstone_recording
-- changes: recording
UPDATE recording
SET removed = TRUE, start_utc = $start_utc, elapsed_s = 0, facts = $facts, laps = '[]', steps = '[]', device = NULL,
    sub_sport = NULL, timer_s = NULL, distance_m = NULL, serial_number = NULL, time_created_utc = NULL,
    sample_count = 0, richness = 0, partial = FALSE
WHERE athlete = $athlete AND recording_id = $recording_id

-- name: delete_recording
-- changes: recording
DELETE FROM recording WHERE athlete = $athlete AND recording_id = $recording_id

-- name: delete_recordings
-- changes: recording
DELETE FROM recording WHERE athlete = $athlete AND recording_id IN (SELECT unnest($ids))

-- name: delete_recording_refs
-- changes: recording_ref
-- By every source, or by one.
DELETE FROM recording_ref
WHERE athlete = $athlete AND recording_id IN (SELECT unnest($ids)) AND ($source IS NULL OR source = $source)

-- name: delete_refs_of_source
-- changes: recording_ref
DELETE FROM recording_ref
WHERE athlete = $athlete AND source = $source
    AND recording_id IN (SELECT recording_id FROM recording_ref WHERE athlete = $athlete AND source = $source AND ref = $ref)

-- name: paired_rows
-- reads: recording
-- Rows of tables without a zone beside the recorded file that is the same activity.
SELECT entry.sha256, entry.start_utc AS row_utc, min(file.start_utc) AS file_utc
FROM recording AS entry
JOIN recording AS file ON file.athlete = entry.athlete AND file.activity_id = entry.activity_id
WHERE entry.athlete = $athlete AND entry.format IN ('running_log', 'garmin_csv', 'garmindb')
    AND file.format IN ('fit', 'tcx', 'gpx') AND NOT file.removed
    AND (entry.facts ->> '$.extra.time_of_day') IS NULL
GROUP BY entry.recording_id, entry.sha256, entry.start_utc
ORDER BY entry.sha256, row_utc
