-- What events of CloudTrail stand for, as `rankan policy events --to FILE` writes it. Replace BUCKET.
CREATE EXTERNAL TABLE IF NOT EXISTS rankan_events (
  `source` string,
  `name` string,
  `check_no` int,
  `kind` string,
  `action` string,
  `whole` int
)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ','
LOCATION 's3://BUCKET/events/'
