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
