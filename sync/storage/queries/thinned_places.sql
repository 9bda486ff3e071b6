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
