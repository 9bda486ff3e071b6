-- What was wrong at a place and is not any more; $kept are the problems that it still has.
DELETE FROM problem
WHERE athlete = $athlete AND source = $source AND place = $place AND NOT list_contains($kept, problem_id)
