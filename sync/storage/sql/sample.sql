-- name: samples
-- reads: sample
SELECT
    t_s, distance_m, speed_mps, heart_rate_bpm, cadence_spm, altitude_m, latitude_deg, longitude_deg, power_w,
    temperature_c
FROM sample
WHERE number = $number
ORDER BY t_s

-- name: thinned_samples
-- reads: sample
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

-- name: thinned_places
-- reads: sample
-- At most $points of a recording's places, evenly chosen in order of time.
SELECT latitude_deg, longitude_deg
FROM (
    SELECT
        t_s, latitude_deg, longitude_deg,
        (row_number() OVER (ORDER BY t_s) - 1) % greatest(1, CAST(ceil(count(*) OVER () / $points) AS BIGINT)) AS apart
    FROM sample
    WHERE number = $number AND isfinite(latitude_deg) AND isfinite(longitude_deg)
) AS numbered
WHERE apart = 0
ORDER BY t_s

-- name: places_run
-- reads: recording, run, sample
-- Each place of a 0.01° grid that any run of anyone's went through: where a map is worth keeping.
SELECT DISTINCT
    floor(latitude_deg / 0.01) / 100 + 0.005 AS latitude_deg,
    floor(longitude_deg / 0.01) / 100 + 0.005 AS longitude_deg
FROM sample
WHERE number IN (
        SELECT recording.number
        FROM recording
        JOIN run ON run.athlete = recording.athlete AND run.run_id = recording.activity_id
    )
    AND isfinite(latitude_deg) AND isfinite(longitude_deg)
ORDER BY latitude_deg, longitude_deg

-- name: insert_samples
-- changes: sample
INSERT INTO sample (
    athlete, number, t_s, distance_m, speed_mps, heart_rate_bpm, cadence_spm, altitude_m, latitude_deg, longitude_deg,
    power_w, temperature_c
)
SELECT
    $athlete, $number, t_s, distance_m, speed_mps, heart_rate_bpm, cadence_spm, altitude_m, latitude_deg,
    longitude_deg, power_w, temperature_c
FROM incoming

-- name: delete_samples
-- changes: sample
-- reads: recording
DELETE FROM sample
WHERE number IN (SELECT number FROM recording WHERE athlete = $athlete AND list_contains($ids, recording_id))
