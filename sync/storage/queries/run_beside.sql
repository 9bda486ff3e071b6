SELECT
    (
        SELECT before.run_id FROM run AS before
        WHERE before.athlete = $athlete AND (before.start_utc, before.run_id) < (here.start_utc, here.run_id)
        ORDER BY before.start_utc DESC, before.run_id DESC LIMIT 1
    ) AS previous_id,
    (
        SELECT later.run_id FROM run AS later
        WHERE later.athlete = $athlete AND (later.start_utc, later.run_id) > (here.start_utc, here.run_id)
        ORDER BY later.start_utc, later.run_id LIMIT 1
    ) AS next_id
FROM run AS here
WHERE here.athlete = $athlete AND here.run_id = $run_id
