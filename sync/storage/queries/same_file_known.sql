-- Whether another content holds the recording that the same device made at the same moment.
SELECT count(*) > 0
FROM recording
WHERE athlete = $athlete
    AND sha256 <> $sha256
    AND serial_number = $serial_number
    AND time_created_utc = $time_created_utc
    AND abs(epoch(start_utc) - epoch(CAST($start_utc AS TIMESTAMP))) <= 1
