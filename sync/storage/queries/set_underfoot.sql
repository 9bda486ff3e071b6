-- A merge patch goes down into objects: what an earlier map said goes first.
UPDATE run
SET features = json_merge_patch(json_merge_patch(features, CAST('{"underfoot": null}' AS JSON)), CAST($patch AS JSON))
WHERE athlete = $athlete AND run_id = $run_id
