UPDATE pause
SET until_day = $last_day
WHERE athlete = $athlete AND from_day <= $last_day AND (until_day IS NULL OR until_day > $last_day)
