-- name: holdings
-- reads: command, correction, diary, run, session
-- How much a store holds of each runner's, by kind. What the runner took out counts as held: it was not lost.
SELECT athlete, 'typed ' || name AS kind, count(*) AS count
FROM command WHERE refused IS NULL GROUP BY ALL
UNION ALL
SELECT athlete, 'runs', count(*) FROM (
    SELECT athlete FROM run
    UNION ALL SELECT athlete FROM command WHERE name = 'merge' AND refused IS NULL
    UNION ALL SELECT athlete FROM correction WHERE NOT is_run
) AS run_or_taken_out GROUP BY ALL
UNION ALL
SELECT athlete, 'diary', count(*) FROM (
    SELECT athlete FROM diary
    UNION ALL SELECT athlete FROM command WHERE name = 'remove-entry' AND refused IS NULL
) AS entry_or_taken_out GROUP BY ALL
UNION ALL
SELECT athlete, 'sessions', count(*) FROM (
    SELECT athlete FROM session
    UNION ALL SELECT athlete FROM command WHERE name = 'remove-session' AND refused IS NULL
) AS session_or_taken_out GROUP BY ALL

-- name: holdings_gone
-- reads: listed
-- Runs that the runner deleted at the service they came from.
SELECT athlete, 'runs' AS kind, count(*) AS count FROM listed WHERE gone GROUP BY ALL

-- name: athletes_held
-- reads: command, original, run
-- Ids of all who typed something or of whom there is a run or an original.
SELECT athlete AS name FROM run
UNION SELECT athlete FROM original
UNION SELECT athlete FROM command
ORDER BY name
