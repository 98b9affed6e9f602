-- Account and profile, as `rankan policy sql --accounts FILE` writes them. Replace BUCKET.
CREATE EXTERNAL TABLE IF NOT EXISTS rankan_accounts (
  `account` string,
  `profile` int
)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ','
LOCATION 's3://BUCKET/accounts/'
