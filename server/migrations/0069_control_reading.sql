-- What carries controls and is no policy (controls of Control Tower, packs, policies of Security Hub, hooks, documents), as
-- it was found when it was looked at last: only what was not as it had been applied.

create table control_reading (
  aws_organization_id text primary key references aws_organization,
  read_at timestamptz not null,
  drift jsonb not null
);
alter table control_reading enable row level security;
alter table control_reading force row level security;
create policy centre on control_reading using (rankan_sees_all()) with check (rankan_sees_all());
