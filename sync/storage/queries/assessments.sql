SELECT assessment_id, day, left_foot, right_foot, night_cramps, screen, seq
FROM assessment
WHERE athlete = $athlete
ORDER BY day, seq
