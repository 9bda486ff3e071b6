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
