-- Runs that the runner deleted at the service they came from.
SELECT athlete, 'runs' AS kind, count(*) AS count FROM listed WHERE gone GROUP BY ALL
