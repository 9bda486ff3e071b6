-- name: run_detail
-- reads: label
SELECT segments, zone_s, thresholds FROM label WHERE athlete = $athlete AND run_id = $run_id

-- name: zones
-- reads: label, run
SELECT label.zone_s
FROM run
JOIN label USING (athlete, run_id)
WHERE run.athlete = $athlete AND run.day BETWEEN $first_day AND $last_day
ORDER BY run.start_utc, run.run_id

-- name: insert_labels
-- changes: label
INSERT INTO label (
    athlete, run_id, start_utc, primary_kind, primary_confidence, possible, facets, tier, rules_version, asks,
    corrected, segments, zone_s, thresholds
)
SELECT
    $athlete, run_id, start_utc, primary_kind, primary_confidence, possible, facets, tier, rules_version, asks,
    corrected, segments, zone_s, thresholds
FROM incoming

-- name: delete_label
-- changes: label
DELETE FROM label WHERE athlete = $athlete AND run_id = $run_id

-- name: delete_labels_from
-- changes: label
-- reads: run
DELETE FROM label
WHERE athlete = $athlete
    AND (
        start_utc >= $from_utc
        OR run_id NOT IN (SELECT run_id FROM run WHERE athlete = $athlete)
        OR run_id IN (SELECT run_id FROM run WHERE athlete = $athlete AND start_utc >= $from_utc)
    )

-- name: questions
-- reads: question
SELECT question_id, kind, recording_a, recording_b, why, start_utc
FROM question
WHERE athlete = $athlete
ORDER BY start_utc DESC, question_id

-- name: insert_questions
-- changes: question
INSERT INTO question (athlete, question_id, kind, recording_a, recording_b, why, start_utc)
SELECT $athlete, question_id, kind, recording_a, recording_b, why, start_utc FROM incoming

-- name: delete_questions
-- changes: question
DELETE FROM question WHERE athlete = $athlete

-- name: dirty
-- reads: dirty
SELECT from_utc, marks FROM dirty WHERE athlete = $athlete

-- name: mark_dirty
-- changes: dirty
INSERT INTO dirty (athlete, from_utc, marks) VALUES ($athlete, $from_utc, 1)
ON CONFLICT DO UPDATE SET from_utc = least(from_utc, excluded.from_utc), marks = marks + 1

-- name: delete_dirty
-- changes: dirty
DELETE FROM dirty WHERE athlete = $athlete AND marks = $marks
