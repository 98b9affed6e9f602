-- The policies of each AWS organisation that are in force, its tree and where they are attached, as the last complete
-- sweep read them; and replays of policies over its trail.

create table guardrail_place (
  aws_organization_id text not null references aws_organization,
  -- r-…, ou-… or twelve digits
  id text not null,
  kind text not null check (kind in ('root', 'ou', 'account')),
  name text not null,
  parent_id text,
  primary key (aws_organization_id, id),
  check ((kind = 'root') = (parent_id is null))
);
create index guardrail_place_parent on guardrail_place (aws_organization_id, parent_id);
create index guardrail_place_account on guardrail_place (id) where kind = 'account';

create table guardrail (
  aws_organization_id text not null references aws_organization,
  policy_id text not null,
  kind text not null,
  name text not null,
  description text not null,
  aws_managed boolean not null,
  -- The JSON text as AWS keeps it.
  document text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  first_seen_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (aws_organization_id, policy_id)
);

create table guardrail_attachment (
  aws_organization_id text not null,
  policy_id text not null,
  target_id text not null,
  primary key (aws_organization_id, target_id, policy_id),
  foreign key (aws_organization_id, policy_id) references guardrail on delete cascade,
  foreign key (aws_organization_id, target_id) references guardrail_place on delete cascade
);
create index guardrail_attachment_policy on guardrail_attachment (aws_organization_id, policy_id);

-- When AWS was last read whole; what the reading found is in the tables above and in the ledger.
create table guardrail_reading (
  aws_organization_id text primary key references aws_organization,
  organization_id text not null,
  management_account_id text not null,
  kinds text[] not null,
  read_at timestamptz not null
);

-- Tree and policies as they were when a replay was asked for. Replays of an unchanged organisation share one row.
create table replay_world (
  sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  aws_organization_id text not null references aws_organization,
  body text not null
);

create table replay (
  id text primary key check (id ~ '^rpl_'),
  seq bigint not null unique generated always as identity,
  aws_organization_id text not null references aws_organization,
  title text not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  request jsonb not null,
  world_sha256 text not null references replay_world,
  parent_id text references replay,
  exemptions jsonb not null default '[]',
  created_at timestamptz not null,
  created_by_id text not null,
  created_by text not null,
  started_at timestamptz,
  finished_at timestamptz,
  attempts integer not null default 0,
  cancel_asked_at timestamptz,
  error jsonb,
  ingest jsonb,
  totals jsonb,
  check ((finished_at is not null) = (state in ('done', 'failed', 'cancelled')))
);
create unique index replay_one_at_a_time on replay (aws_organization_id) where state = 'running';
create index replay_queue on replay (seq) where state in ('queued', 'running');
create index replay_list on replay (aws_organization_id, seq desc);
create index replay_parent on replay (parent_id) where parent_id is not null;

-- How a running replay goes: whose it is, and how far. Says nothing that is decided.
create table replay_run (
  replay_id text primary key references replay,
  executor text not null,
  lease_until timestamptz not null,
  phase text not null,
  files_total integer,
  files_read integer not null default 0,
  events_read bigint not null default 0,
  facts_total bigint,
  facts_asked bigint not null default 0
);

create table replay_result (
  replay_id text primary key references replay,
  -- JSON; these bytes are what the hash in the ledger is of.
  body text not null
);

-- All of this is the centre's.
do $$
declare one text;
begin
  foreach one in array array['guardrail_place', 'guardrail', 'guardrail_attachment', 'guardrail_reading',
                             'replay_world', 'replay', 'replay_run', 'replay_result'] loop
    execute format('alter table %I enable row level security', one);
    execute format('alter table %I force row level security', one);
    execute format('create policy centre on %I using (rankan_sees_all()) with check (rankan_sees_all())', one);
  end loop;
end $$;
call rankan_audited('guardrail_place');
call rankan_audited('guardrail');
call rankan_audited('guardrail_attachment');
call rankan_audited('replay_world');
call rankan_audited('replay');
call rankan_audited('replay_result');

-- The way from the root to an account, and what is attached at each place. It asks with the caller's own eyes whether
-- there is such an account, and only then looks at what is the centre's: a tenant gets what binds its own accounts.
create function rankan_account_guardrails(wanted text)
returns table (
  depth integer, place_id text, place_kind text, place_name text, parent_id text, aws_organization_id text,
  policy_id text, policy_kind text, policy_name text, document text
) language plpgsql as $$
declare
  scope text := coalesce(current_setting('rankan.scope', true), '');
begin
  perform 1 from account a where a.account_id = wanted;
  if not found then return; end if;
  perform set_config('rankan.scope', 'all', true);
  return query
    with recursive up as (
      select p.aws_organization_id, p.id, p.kind, p.name, p.parent_id, 0 as height
        from guardrail_place p where p.id = wanted and p.kind = 'account'
      union all
      select p.aws_organization_id, p.id, p.kind, p.name, p.parent_id, up.height + 1
        from up join guardrail_place p on p.aws_organization_id = up.aws_organization_id and p.id = up.parent_id
       where up.height < 10
    )
    select (select max(height) from up) - up.height, up.id, up.kind, up.name, up.parent_id, up.aws_organization_id,
           g.policy_id, g.kind, g.name, g.document
      from up
      left join guardrail_attachment t on t.aws_organization_id = up.aws_organization_id and t.target_id = up.id
      left join guardrail g on g.aws_organization_id = t.aws_organization_id and g.policy_id = t.policy_id
     order by 1, g.policy_id;
  perform set_config('rankan.scope', scope, true);
end $$;

-- When the policies of an account's AWS organisation were read, for whoever sees the account.
create function rankan_account_reading(wanted text)
returns table (organization_id text, management_account_id text, kinds text[], read_at timestamptz) language plpgsql as $$
declare
  scope text := coalesce(current_setting('rankan.scope', true), '');
  home text;
begin
  select a.aws_organization_id into home from account a where a.account_id = wanted;
  if not found then return; end if;
  perform set_config('rankan.scope', 'all', true);
  return query select r.organization_id, r.management_account_id, r.kinds, r.read_at
    from guardrail_reading r where r.aws_organization_id = home;
  perform set_config('rankan.scope', scope, true);
end $$;
