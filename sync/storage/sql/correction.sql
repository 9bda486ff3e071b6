-- name: corrections
-- reads: correction, recording
SELECT
    correction.recording_id, recording.activity_id, correction.seq, correction.is_run, correction.kind,
    correction.intensity, correction.long_run, correction.hills, correction.surface, correction.confirmed
FROM correction
LEFT JOIN recording USING (athlete, recording_id)
WHERE correction.athlete = $athlete
ORDER BY correction.seq, correction.recording_id

-- name: upsert_correction
-- changes: correction
INSERT INTO correction (
    athlete, recording_id, seq, is_run, kind, intensity, long_run, hills, surface, confirmed
)
VALUES ($athlete, $recording_id, $seq, $is_run, $kind, $intensity, $long_run, $hills, $surface, $confirmed)
ON CONFLICT DO UPDATE SET
    seq = excluded.seq,
    is_run = coalesce(excluded.is_run, is_run),
    kind = coalesce(excluded.kind, kind),
    intensity = coalesce(excluded.intensity, intensity),
    long_run = coalesce(excluded.long_run, long_run),
    hills = coalesce(excluded.hills, hills),
    surface = coalesce(excluded.surface, surface),
    confirmed = excluded.confirmed OR confirmed

-- name: delete_correction
-- changes: correction
DELETE FROM correction WHERE athlete = $athlete AND recording_id = $recording_id

-- name: merge_decisions
-- reads: merge_decision
SELECT recording_a, recording_b, verdict FROM merge_decision WHERE athlete = $athlete ORDER BY recording_a, recording_b

-- name: upsert_merge_decision
-- changes: merge_decision
INSERT INTO merge_decision (athlete, recording_a, recording_b, verdict, seq)
VALUES ($athlete, $recording_a, $recording_b, $verdict, $seq)
ON CONFLICT DO UPDATE SET verdict = excluded.verdict, seq = excluded.seq
