SELECT
    (SELECT count(*) FROM command) + (SELECT count(*) FROM recording) + (SELECT count(*) FROM sample)
    + (SELECT count(*) FROM prescription) AS rows_in_all
