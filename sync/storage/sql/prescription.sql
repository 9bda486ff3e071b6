-- name: prescription
-- reads: prescription, recording
-- The run that holds the recording which the work was made for may have got another name since.
SELECT
    prescription.prescription_id, prescription.seq, prescription.issued_utc, prescription.day,
    prescription.time_window, prescription.kind, coalesce(recording.activity_id, prescription.run_id) AS run_id,
    prescription.minutes, prescription.drills, prescription.reasons, prescription.warnings,
    prescription.rules_version, prescription.one_minute, prescription.gentle, prescription.counts,
    prescription.supersedes, prescription.inputs
FROM prescription
LEFT JOIN recording ON recording.athlete = prescription.athlete AND recording.recording_id = prescription.run_id
WHERE prescription.athlete = $athlete AND prescription.prescription_id = $prescription_id

-- name: prescriptions
-- reads: prescription, recording
-- The run that holds the recording which the work was made for may have got another name since.
SELECT
    prescription.prescription_id, prescription.seq, prescription.issued_utc, prescription.day,
    prescription.time_window, prescription.kind, coalesce(recording.activity_id, prescription.run_id) AS run_id,
    prescription.minutes, prescription.drills, prescription.reasons, prescription.warnings,
    prescription.rules_version, prescription.one_minute, prescription.gentle, prescription.counts,
    prescription.supersedes, prescription.inputs
FROM prescription
LEFT JOIN recording ON recording.athlete = prescription.athlete AND recording.recording_id = prescription.run_id
WHERE prescription.athlete = $athlete
    AND ($first_day IS NULL OR prescription.day >= $first_day)
    AND ($last_day IS NULL OR prescription.day <= $last_day)
ORDER BY prescription.seq

-- name: given
-- reads: prescription
-- What adherence needs of each prescription, superseded ones included, and no more: a year of them is read at once.
SELECT prescription_id, day, time_window, run_id, minutes, counts, supersedes
FROM prescription
WHERE athlete = $athlete AND day >= $first_day
ORDER BY seq

-- name: first_issued
-- reads: prescription
SELECT day
FROM prescription
WHERE athlete = $athlete
ORDER BY seq
LIMIT 1

-- name: insert_prescription
-- changes: prescription
INSERT INTO prescription (
    athlete, prescription_id, seq, issued_utc, day, time_window, kind, run_id, minutes, drills, reasons, warnings,
    rules_version, one_minute, gentle, counts, supersedes, inputs
)
VALUES (
    $athlete, $prescription_id, nextval('issue_number'), $issued_utc, $day, $time_window, $kind, $run_id, $minutes,
    $drills, $reasons, $warnings, $rules_version, $one_minute, $gentle, $counts, $supersedes, $inputs
)
ON CONFLICT DO NOTHING
