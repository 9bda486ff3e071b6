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
