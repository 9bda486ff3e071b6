-- name: runs
-- reads: label, original_name, recording, recording_ref, run
-- What holds a run (files, sources, recordings) is looked up for the chosen runs only.
WITH chosen AS (
    SELECT run.run_id
    FROM run
    LEFT JOIN label USING (athlete, run_id)
    WHERE run.athlete = $athlete
        AND ($run_id IS NULL OR run.run_id = $run_id)
        AND ($first_day IS NULL OR run.day >= $first_day)
        AND ($last_day IS NULL OR run.day <= $last_day)
        AND ($kind IS NULL OR label.primary_kind = $kind)
        AND ($asked IS NULL OR coalesce(label.asks, false) = $asked)
        AND ($intensity IS NULL OR (NOT run.removed AND label.facets ->> '$.intensity.value' = $intensity))
        AND ($hills IS NULL OR (NOT run.removed AND label.facets ->> '$.hills.value' = $hills))
        AND ($surface IS NULL OR (NOT run.removed AND label.facets ->> '$.surface.value' = $surface))
        AND ($long IS NULL OR $long = CASE WHEN run.removed THEN 'unsure'
            ELSE coalesce(label.facets ->> '$.long.value', 'unsure') END)
    ORDER BY run.start_utc DESC, run.run_id
    LIMIT $limit OFFSET $offset
),
held AS (
    SELECT
        recording.activity_id,
        list_sort(list_distinct(list(original_name.name) FILTER (original_name.name IS NOT NULL))) AS source_files,
        list_sort(list_distinct(list(recording_ref.source) FILTER (recording_ref.source IS NOT NULL))) AS sources,
        list_sort(list_distinct(list(recording.recording_id))) AS recording_ids,
        bool_and(coalesce(recording.facts ->> '$.extra.owed', 'false') = 'true') AS owed,
        max(recording.facts ->> '$.extra.clock') AS clock,
        max(recording.facts ->> '$.extra.mended') AS mended
    FROM recording
    LEFT JOIN original_name USING (athlete, sha256)
    LEFT JOIN recording_ref USING (athlete, recording_id)
    WHERE recording.athlete = $athlete AND recording.activity_id IN (SELECT run_id FROM chosen)
    GROUP BY recording.activity_id
)
SELECT
    run.run_id, run.start_utc, run.utc_offset_s, run.offset_assumed, run.day, run.title, run.sub_sport, run.device,
    run.gear, run.distance_m, run.elapsed_s, run.timer_s, run.moving_s, run.ascent_m, run.descent_m,
    run.mean_heart_rate_bpm, run.max_heart_rate_bpm, run.partial, run.sport_inferred, run.removed, run.arrived_utc,
    run.provenance, run.features ->> '$.sport_word' AS sport_word,
    label.primary_kind, label.primary_confidence, label.possible, label.facets, label.tier, label.rules_version,
    label.asks, label.corrected,
    coalesce(held.source_files, []) AS source_files,
    coalesce(held.sources, []) AS sources,
    coalesce(held.recording_ids, []) AS recording_ids,
    coalesce(held.owed, false) AS owed, held.clock, held.mended
FROM chosen
JOIN run ON run.athlete = $athlete AND run.run_id = chosen.run_id
LEFT JOIN label ON label.athlete = $athlete AND label.run_id = chosen.run_id
LEFT JOIN held ON held.activity_id = chosen.run_id
ORDER BY run.start_utc DESC, run.run_id

-- name: last_clock
-- reads: run
-- The latest run that told its own clock, begun by $until_utc and ended after $from_utc.
SELECT start_utc, utc_offset_s
FROM run
WHERE athlete = $athlete
    AND NOT offset_assumed
    AND NOT removed
    AND start_utc <= $until_utc
    AND start_utc + to_seconds(elapsed_s) >= $from_utc
ORDER BY start_utc DESC, run_id
LIMIT 1

-- name: count_runs
-- reads: label, run
-- How many runs `runs` has without its limit.
SELECT count(*)
FROM run
LEFT JOIN label USING (athlete, run_id)
WHERE run.athlete = $athlete
    AND ($first_day IS NULL OR run.day >= $first_day)
    AND ($last_day IS NULL OR run.day <= $last_day)
    AND ($kind IS NULL OR label.primary_kind = $kind)
    AND ($asked IS NULL OR coalesce(label.asks, false) = $asked)
    AND ($intensity IS NULL OR (NOT run.removed AND label.facets ->> '$.intensity.value' = $intensity))
    AND ($hills IS NULL OR (NOT run.removed AND label.facets ->> '$.hills.value' = $hills))
    AND ($surface IS NULL OR (NOT run.removed AND label.facets ->> '$.surface.value' = $surface))
    AND ($long IS NULL OR $long = CASE WHEN run.removed THEN 'unsure'
        ELSE coalesce(label.facets ->> '$.long.value', 'unsure') END)

-- name: runs_by_year
-- reads: label, run
SELECT
    year(run.day) AS year, label.primary_kind AS kind, count(*) AS runs, coalesce(sum(run.distance_m), 0.0) AS distance_m
FROM run
LEFT JOIN label USING (athlete, run_id)
WHERE run.athlete = $athlete
GROUP BY ALL
ORDER BY ALL

-- name: longest_run
-- reads: run
SELECT run_id, day, distance_m
FROM run
WHERE athlete = $athlete AND distance_m IS NOT NULL
ORDER BY distance_m DESC, run_id
LIMIT 1

-- name: run_starts
-- reads: run
SELECT run_id, start_utc FROM run WHERE athlete = $athlete AND list_contains($ids, run_id) ORDER BY start_utc, run_id

-- name: adjacent_runs
-- reads: run
SELECT
    (
        SELECT before.run_id FROM run AS before
        WHERE before.athlete = $athlete AND (before.start_utc, before.run_id) < (here.start_utc, here.run_id)
        ORDER BY before.start_utc DESC, before.run_id DESC LIMIT 1
    ) AS previous_id,
    (
        SELECT later.run_id FROM run AS later
        WHERE later.athlete = $athlete AND (later.start_utc, later.run_id) > (here.start_utc, here.run_id)
        ORDER BY later.start_utc, later.run_id LIMIT 1
    ) AS next_id
FROM run AS here
WHERE here.athlete = $athlete AND here.run_id = $run_id

-- name: features
-- reads: run
-- A run by an unknown word alone teaches nothing until the runner says what the word is.
SELECT run_id, start_utc, features, features_version
FROM run
WHERE athlete = $athlete AND NOT removed AND (features ->> '$.sport_word') IS NULL
    AND ($from_utc IS NULL OR start_utc >= $from_utc)
ORDER BY start_utc, run_id

-- name: stale_features
-- reads: run
SELECT run_id, start_utc
FROM run
WHERE athlete = $athlete AND features_version <> $features_version
ORDER BY start_utc, run_id

-- name: stale_grounds
-- reads: run
-- Runs with a trace that were last laid over another map than $map; '' is no map.
SELECT run_id, start_utc
FROM run
WHERE athlete = $athlete AND NOT removed AND coalesce(CAST(features ->> 'has_gps' AS BOOLEAN), FALSE)
    AND coalesce(features -> 'underfoot' ->> 'map', '') <> $map
ORDER BY start_utc, run_id

-- name: insert_runs
-- changes: run
INSERT INTO run (
    athlete, run_id, start_utc, utc_offset_s, offset_assumed, day, title, sub_sport, device, gear, distance_m,
    elapsed_s, timer_s, moving_s, ascent_m, descent_m, mean_heart_rate_bpm, max_heart_rate_bpm, partial,
    sport_inferred, removed, arrived_utc, provenance, features, features_version
)
SELECT
    $athlete, run_id, start_utc, utc_offset_s, offset_assumed, day, title, sub_sport, device, gear, distance_m,
    elapsed_s, timer_s, moving_s, ascent_m, descent_m, mean_heart_rate_bpm, max_heart_rate_bpm, partial,
    sport_inferred, removed, arrived_utc, provenance, features, features_version
FROM incoming

-- name: set_underfoot
-- changes: run
-- A merge patch goes down into objects: what an earlier map said goes first.
UPDATE run
SET features = json_merge_patch(json_merge_patch(features, CAST('{"underfoot": null}' AS JSON)), CAST($patch AS JSON))
WHERE athlete = $athlete AND run_id = $run_id

-- name: delete_run
-- changes: run
DELETE FROM run WHERE athlete = $athlete AND run_id = $run_id
