-- Quotas of one AWS organisation: what the centre enters, and what AWS computes out of the number of accounts.

-- Null: from that day on what AWS publishes holds again. Rows stay, so that it can be seen what held on a past day.
alter table quota_override alter column quota_limit drop not null;
alter table quota_override add column recorded_at timestamptz not null default clock_timestamp();
alter table quota_override add column recorded_by text not null default '';
alter table quota_override add check (quota_limit is null or quota_limit >= 1);

-- All accounts of the organisation at the last sweep that came to the end, the management account among them.
alter table aws_organization_sweep add column accounts integer;
