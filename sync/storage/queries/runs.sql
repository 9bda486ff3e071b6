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
        list_sort(list_distinct(list(recording.recording_id))) AS recording_ids
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
    run.provenance,
    label.primary_kind, label.primary_confidence, label.possible, label.facets, label.tier, label.rules_version,
    label.asks, label.corrected,
    coalesce(held.source_files, []) AS source_files,
    coalesce(held.sources, []) AS sources,
    coalesce(held.recording_ids, []) AS recording_ids
FROM chosen
JOIN run ON run.athlete = $athlete AND run.run_id = chosen.run_id
LEFT JOIN label ON label.athlete = $athlete AND label.run_id = chosen.run_id
LEFT JOIN held ON held.activity_id = chosen.run_id
ORDER BY run.start_utc DESC, run.run_id
