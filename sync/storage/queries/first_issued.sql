SELECT day
FROM prescription
WHERE athlete = $athlete
ORDER BY seq
LIMIT 1
