-- name: assessments
-- reads: assessment
SELECT assessment_id, day, left_foot, right_foot, night_cramps, screen, seq
FROM assessment
WHERE athlete = $athlete
ORDER BY day, seq

-- name: upsert_assessment
-- changes: assessment
INSERT INTO assessment (athlete, assessment_id, day, left_foot, right_foot, night_cramps, screen, seq)
VALUES ($athlete, $assessment_id, $day, $left_foot, $right_foot, $night_cramps, $screen, $seq)
ON CONFLICT DO UPDATE SET day = excluded.day, left_foot = excluded.left_foot, right_foot = excluded.right_foot,
    night_cramps = excluded.night_cramps, screen = excluded.screen, seq = excluded.seq
