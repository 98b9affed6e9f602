-- Control sets, plans of what they would change in an AWS organisation, applies of those plans, and what ought to be in
-- force because of them.

create table control_set (
  name text not null check (name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'),
  version integer not null check (version > 0),
  origin text not null check (origin in ('rankan', 'own')),
  body jsonb not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null,
  created_by_id text not null,
  created_by text not null,
  primary key (name, version)
);

create table control_plan (
  id text primary key check (id ~ '^cpl_'),
  seq bigint not null unique generated always as identity,
  aws_organization_id text not null references aws_organization,
  -- As asked: r-…, ou-… or `root`; the place's id once it was read.
  target_id text not null,
  target_name text,
  set_name text not null,
  set_version integer not null,
  action text not null check (action in ('put', 'remove')),
  state text not null check (state in ('queued', 'reading', 'ready', 'failed')),
  created_at timestamptz not null,
  created_by_id text not null,
  created_by text not null,
  finished_at timestamptz,
  -- SHA-256 of what was read and matters.
  digest text,
  -- The plan as JSON text; these bytes are what the hash in the ledger is of.
  body text,
  steps integer,
  preventive boolean,
  error jsonb,
  foreign key (set_name, set_version) references control_set,
  check ((finished_at is not null) = (state in ('ready', 'failed'))),
  check ((body is not null and digest is not null) = (state = 'ready'))
);
create index control_plan_queue on control_plan (seq) where state in ('queued', 'reading');
create index control_plan_list on control_plan (aws_organization_id, seq desc);

create table control_apply (
  id text primary key check (id ~ '^cap_'),
  seq bigint not null unique generated always as identity,
  plan_id text not null unique references control_plan,
  aws_organization_id text not null references aws_organization,
  state text not null
    check (state in ('queued', 'running', 'needs_repair', 'giving_up', 'done', 'refused', 'given_up')),
  -- Why a preventive form goes on without the staged rollout.
  reason text,
  created_at timestamptz not null,
  created_by_id text not null,
  created_by text not null,
  started_at timestamptz,
  finished_at timestamptz,
  error jsonb,
  check ((finished_at is not null) = (state in ('done', 'refused', 'given_up')))
);
-- What one apply reads and changes, no other may change meanwhile.
create unique index control_apply_one_at_a_time on control_apply (aws_organization_id)
  where state in ('queued', 'running', 'needs_repair', 'giving_up');
create index control_apply_queue on control_apply (seq) where state in ('queued', 'running', 'giving_up');
create index control_apply_list on control_apply (aws_organization_id, seq desc);

create table control_step (
  apply_id text not null references control_apply,
  number integer not null check (number > 0),
  state text not null check (state in ('pending', 'running', 'done', 'failed', 'undone', 'kept')),
  attempts integer not null default 0,
  -- Finds an operation of AWS again that was begun and is not over.
  operation jsonb,
  result jsonb,
  error jsonb,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (apply_id, number)
);

-- Which worker has a plan or an apply in hand. Says nothing that is decided.
create table control_run (
  job_id text primary key,
  executor text not null,
  -- Fences: what an earlier attempt still says is not taken.
  attempt integer not null,
  lease_until timestamptz not null
);

-- The sets that a target has, by applies that were done.
create table control_assignment (
  aws_organization_id text not null references aws_organization,
  target_id text not null,
  set_name text not null,
  set_version integer not null,
  plan_id text not null references control_plan,
  applied_at timestamptz not null,
  primary key (aws_organization_id, target_id, set_name),
  foreign key (set_name, set_version) references control_set
);

-- Policies, controls and packs that ought to be in force on a target, each with the controls that it carries.
create table control_kept (
  aws_organization_id text not null references aws_organization,
  target_id text not null,
  part text not null,
  kind text not null,
  name text not null,
  body jsonb not null,
  plan_id text not null references control_plan,
  primary key (aws_organization_id, target_id, part, kind, name)
);

-- All of this is the centre's.
do $$
declare one text;
begin
  foreach one in array array['control_set', 'control_plan', 'control_apply', 'control_step', 'control_run',
                             'control_assignment', 'control_kept'] loop
    execute format('alter table %I enable row level security', one);
    execute format('alter table %I force row level security', one);
    execute format('create policy centre on %I using (rankan_sees_all()) with check (rankan_sees_all())', one);
  end loop;
end $$;
call rankan_audited('control_set');
call rankan_audited('control_plan');
call rankan_audited('control_apply');
call rankan_audited('control_step');
call rankan_audited('control_assignment');
call rankan_audited('control_kept');
