-- What belongs to an organisation: contacts, systems, contracts, people, grants. Seen by the organisation itself, by the
-- operator whose contract names it (its people's scope holds the organisation while the contract lasts), and by the centre.

create table organisation_contact (
  id text primary key,
  organisation_id text not null references organisation,
  purpose text not null check (purpose in ('security', 'operations', 'billing')),
  -- A group address, never a person's.
  email text not null,
  phone text not null,
  valid daterange not null check (not isempty(valid)),
  reachability text not null default 'unverified' check (reachability in ('unverified', 'reachable', 'dead')),
  checked_at timestamptz,
  exclude using gist (organisation_id with =, purpose with =, valid with &&)
);
call rankan_tenant_table('organisation_contact');
call rankan_audited('organisation_contact');

create table information_system (
  id text primary key,
  code text not null unique check (code ~ '^[a-z0-9][a-z0-9-]{0,29}$'),
  -- Who owns it: the organisation in single use, the vendor in shared use.
  organisation_id text not null references organisation,
  name_ja text not null,
  name_en text not null,
  -- Code of the standardised business area (基幹業務), null for others.
  business_area text,
  use_mode text not null check (use_mode in ('single', 'shared')),
  separation text check (separation in ('application', 'network', 'account')),
  valid daterange not null check (not isempty(valid)),
  check ((use_mode = 'shared') = (separation is not null))
);
create index information_system_organisation on information_system (organisation_id);

create table system_tenant (
  system_id text not null references information_system,
  organisation_id text not null references organisation,
  -- The system's owner, so that it sees all shares.
  owner_id text not null references organisation,
  basis_points integer not null check (basis_points between 1 and 10000),
  valid daterange not null check (not isempty(valid)),
  exclude using gist (system_id with =, organisation_id with =, valid with &&)
);
create index system_tenant_organisation on system_tenant (organisation_id);

alter table system_tenant enable row level security;
alter table system_tenant force row level security;
create policy tenant on system_tenant
  using (rankan_sees(organisation_id) or rankan_sees(owner_id)) with check (rankan_sees(owner_id));
alter table information_system enable row level security;
alter table information_system force row level security;
create policy tenant on information_system
  using (rankan_sees(organisation_id)
         or exists (select 1 from system_tenant t where t.system_id = information_system.id and rankan_sees(t.organisation_id)))
  with check (rankan_sees(organisation_id));
call rankan_audited('information_system');
call rankan_audited('system_tenant');

-- On every day of a system in shared use the tenants' shares are the whole, to the basis point.
create function rankan_shares_are_whole() returns trigger language plpgsql as $$
declare
  scope text := coalesce(current_setting('rankan.scope', true), '');
  wanted text := coalesce(new.system_id, old.system_id);
  wrong record;
begin
  -- Shares of tenants that the actor may not see count too.
  perform set_config('rankan.scope', 'all', true);
  select day, total into wrong from (
    select d.day, coalesce((select sum(t.basis_points) from system_tenant t
                            where t.system_id = wanted and t.valid @> d.day), 0) as total
    from information_system s
    cross join lateral (
      select coalesce(lower(s.valid), date '0001-01-01') as day
      union select lower(t.valid) from system_tenant t where t.system_id = wanted and lower(t.valid) is not null
      union select upper(t.valid) from system_tenant t where t.system_id = wanted and upper(t.valid) is not null
    ) d
    where s.id = wanted and s.use_mode = 'shared' and s.valid @> d.day
  ) days where total <> 10000 limit 1;
  perform set_config('rankan.scope', scope, true);
  if wrong is not null then
    raise exception 'the shares of system % sum to % basis points on %', wanted, wrong.total, wrong.day
      using errcode = 'RK010';
  end if;
  return null;
end $$;
create constraint trigger system_tenant_whole after insert or update or delete on system_tenant
  deferrable initially deferred for each row execute function rankan_shares_are_whole();

create table contract (
  id text primary key,
  number text not null unique check (length(number) between 1 and 60),
  -- The client.
  organisation_id text not null references organisation,
  operator_id text not null references organisation,
  role text not null check (role in ('operator', 'integrated_operator', 'asp')),
  -- The upper bound is the first day after the contract.
  valid daterange not null check (not isempty(valid) and not upper_inf(valid)),
  check (organisation_id <> operator_id)
);
create index contract_organisation on contract (organisation_id);
create index contract_operator on contract (operator_id);
alter table contract enable row level security;
alter table contract force row level security;
create policy tenant on contract
  using (rankan_sees(organisation_id) or rankan_sees(operator_id))
  with check (rankan_sees(organisation_id));
call rankan_audited('contract');

create table contract_system (
  contract_id text not null references contract,
  system_id text not null references information_system,
  organisation_id text not null references organisation,
  operator_id text not null references organisation,
  primary key (contract_id, system_id)
);
alter table contract_system enable row level security;
alter table contract_system force row level security;
create policy tenant on contract_system
  using (rankan_sees(organisation_id) or rankan_sees(operator_id))
  with check (rankan_sees(organisation_id));
call rankan_audited('contract_system');

create table person (
  id text primary key,
  -- Who employs them.
  organisation_id text not null references organisation,
  user_name text not null unique,
  email text not null,
  name_ja text not null,
  first_name text not null,
  last_name text not null,
  -- From joining to the first day after leaving.
  valid daterange not null check (not isempty(valid))
);
create index person_organisation on person (organisation_id);

create table role_grant (
  id text primary key,
  person_id text not null references person,
  role text not null,
  -- Where the role counts.
  organisation_id text not null references organisation,
  -- An operator's grant ends with its contract at the latest.
  contract_id text references contract,
  valid daterange not null check (not isempty(valid)),
  exclude using gist (person_id with =, role with =, organisation_id with =, valid with &&)
);
create index role_grant_organisation on role_grant (organisation_id);
call rankan_tenant_table('role_grant');
call rankan_audited('role_grant');

alter table person enable row level security;
alter table person force row level security;
-- People of an operator company are seen by the organisations where they hold a role.
create policy tenant on person
  using (rankan_sees(organisation_id)
         or exists (select 1 from role_grant g where g.person_id = person.id and rankan_sees(g.organisation_id)))
  with check (rankan_sees(organisation_id));
call rankan_audited('person');
