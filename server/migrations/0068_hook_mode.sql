-- What a CloudFormation hook is to do with what fails, as asked for with a plan; null: as it is, and what is new warns.

alter table control_plan add column hook_mode text check (hook_mode in ('WARN', 'FAIL'));
