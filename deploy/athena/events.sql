-- What events of CloudTrail stand for and where their parameters name resources, as `rankan policy events --to FILE` writes it:
-- an object of JSON on each line (also as .json.gz). Replace BUCKET.
CREATE EXTERNAL TABLE IF NOT EXISTS rankan_events (
  `source` string,
  `name` string,
  `check_no` int,
  `kind` string,
  `action` string,
  `whole` int,
  `asked` string,
  `given` array<struct<kind:string,a:string,b:string,c:string,filter:string>>,
  `choices` struct<own:array<string>,before:array<string>,behind:array<string>>,
  `passed_to` string,
  `several` int,
  `types` array<struct<name:string,fits:string,always:int,made:string,bucket:int,templates:array<struct<literals:array<string>,heads:array<array<struct<kind:string,a:string,b:string,c:string,filter:string>>>,tail:array<struct<kind:string,a:string,b:string,c:string,filter:string>>,short:int>>>>
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION 's3://BUCKET/events/'
