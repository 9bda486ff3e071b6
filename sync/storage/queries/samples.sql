SELECT
    t_s, distance_m, speed_mps, heart_rate_bpm, cadence_spm, altitude_m, latitude_deg, longitude_deg, power_w,
    temperature_c
FROM sample
WHERE number = $number
ORDER BY t_s
