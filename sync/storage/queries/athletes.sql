SELECT DISTINCT athlete FROM (SELECT athlete FROM recording UNION ALL SELECT athlete FROM command) AS known ORDER BY athlete
