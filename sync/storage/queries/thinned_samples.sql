-- At most $points rows: each is the mean of an equal share of the recording's rows, at the first one's time.
SELECT
    min(t_s) AS t_s,
    max(distance_m) FILTER (NOT isnan(distance_m)) AS distance_m,
    avg(speed_mps) FILTER (NOT isnan(speed_mps)) AS speed_mps,
    avg(heart_rate_bpm) FILTER (NOT isnan(heart_rate_bpm)) AS heart_rate_bpm,
    avg(cadence_spm) FILTER (NOT isnan(cadence_spm)) AS cadence_spm,
    avg(altitude_m) FILTER (NOT isnan(altitude_m)) AS altitude_m
FROM (
    SELECT
        t_s, distance_m, speed_mps, heart_rate_bpm, cadence_spm, altitude_m,
        (row_number() OVER (ORDER BY t_s) - 1) // greatest(1, CAST(ceil(count(*) OVER () / $points) AS BIGINT)) AS share
    FROM sample
    WHERE number = $number
) AS numbered
GROUP BY share
ORDER BY share
