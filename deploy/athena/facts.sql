-- Facts of a trail as `rankan policy facts` writes them. Replace BUCKET. `day` is projected: no partition is ever added by hand.
CREATE EXTERNAL TABLE IF NOT EXISTS rankan_facts (
  `shape` string,
  `check_no` int,
  `kind` string,
  `seen` int,
  `event` string,
  `action` string,
  `resource` string,
  `region` string,
  `account` string,
  `principal` string,
  `network` string,
  `error` string,
  `context` string,
  `skip` string,
  `calls` bigint,
  `first_s` bigint,
  `last_s` bigint,
  `sample` string
)
PARTITIONED BY (`day` string)
STORED AS PARQUET
LOCATION 's3://BUCKET/facts/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.day.type' = 'date',
  'projection.day.format' = 'yyyy-MM-dd',
  'projection.day.range' = '2020-01-01,NOW+1DAYS',
  'projection.day.interval' = '1',
  'projection.day.interval.unit' = 'DAYS',
  'storage.location.template' = 's3://BUCKET/facts/day=${day}/'
)
