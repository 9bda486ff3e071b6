INSERT INTO sample (
    athlete, number, t_s, distance_m, speed_mps, heart_rate_bpm, cadence_spm, altitude_m, latitude_deg, longitude_deg,
    power_w, temperature_c
)
SELECT
    $athlete, $number, t_s, distance_m, speed_mps, heart_rate_bpm, cadence_spm, altitude_m, latitude_deg,
    longitude_deg, power_w, temperature_c
FROM incoming
