-- A newer table says the same of these activities.
UPDATE recording SET sha256 = $sha256 WHERE athlete = $athlete AND recording_id IN (SELECT unnest($ids))
