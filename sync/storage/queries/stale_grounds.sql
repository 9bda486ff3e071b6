-- Runs with a trace that were last laid over another map than $map; '' is no map.
SELECT run_id, start_utc
FROM run
WHERE athlete = $athlete AND NOT removed AND coalesce(CAST(features ->> 'has_gps' AS BOOLEAN), FALSE)
    AND coalesce(features -> 'underfoot' ->> 'map', '') <> $map
ORDER BY start_utc, run_id
