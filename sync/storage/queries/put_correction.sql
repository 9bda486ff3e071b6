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
