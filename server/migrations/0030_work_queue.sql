-- The queue of approved work, the units of scarce quotas and who holds them, and the processes that run the work.
-- Nothing here is audited by the ledger: these rows say when work may run, never what is decided; overrides of quotas are.

create table work_queue (
  work_id text primary key check (length(work_id) between 1 and 200),
  seq bigint generated always as identity unique,
  kind text not null,
  aws_organization_id text not null,
  tenant_id text not null,
  weight double precision not null check (weight > 0 and weight <= 100),
  deadline timestamptz,
  -- Which quota lets it start (see domain/scheduling/admission.ts).
  admission text not null,
  state text not null default 'queued'
    check (state in ('queued', 'granted', 'running', 'done', 'needs_repair', 'abandoned', 'withdrawn')),
  mode text not null default 'do' check (mode in ('do', 'give_up')),
  start_tag double precision not null,
  -- Raised whenever the work changes hands: an execution with an older epoch must not act any more.
  epoch bigint not null default 0,
  executor_id text,
  -- Step from which repaired work is run again; null once that began.
  resume_step integer,
  failed_step text,
  failure jsonb,
  enqueued_at timestamptz not null default clock_timestamp(),
  granted_at timestamptz,
  started_at timestamptz,
  -- When the unit that let it start was given back; the rest of the work needs no scarce quota.
  released_at timestamptz,
  done_at timestamptz,
  repairs integer not null default 0,
  -- AWS's time per real time when it ran, so that durations learnt under one scale serve another.
  time_scale double precision,
  -- The estimates as they were told, kept to report their error.
  eta_first timestamptz,
  eta_first_at timestamptz,
  eta_granted timestamptz
);
create index work_queue_open on work_queue (executor_id) where state in ('granted', 'running');
create index work_queue_unestimated on work_queue (seq) where state = 'queued' and eta_first is null;
create index work_queue_done on work_queue (done_at desc) where state = 'done';
create index work_queue_tenant on work_queue (tenant_id, seq);
create index work_queue_state on work_queue (state, aws_organization_id) where state in ('queued', 'granted', 'running', 'needs_repair');

-- Who waits for a unit of a quota: work that has not started (hold `admission`) and workflows in the middle of one.
create table quota_wait (
  quota text not null,
  scope text not null,
  work_id text not null references work_queue on delete cascade,
  hold text not null,
  aws_organization_id text not null,
  tenant_id text not null,
  start_tag double precision not null,
  seq bigint not null,
  deadline timestamptz,
  requested_at timestamptz not null default clock_timestamp(),
  primary key (quota, scope, work_id, hold)
);
create index quota_wait_turn on quota_wait (quota, scope, start_tag, seq);
create index quota_wait_deadline on quota_wait (quota, scope, deadline, start_tag, seq) where deadline is not null;
create index quota_wait_work on quota_wait (work_id);

create table quota_slot (
  quota text not null,
  scope text not null,
  work_id text not null references work_queue on delete cascade,
  hold text not null,
  tenant_id text not null,
  reason text not null,
  granted_at timestamptz not null default clock_timestamp(),
  primary key (quota, scope, work_id, hold)
);
create index quota_slot_work on quota_slot (work_id);

-- Uses of quotas that count over a rolling window (closures in 30 days).
create table quota_use (
  quota text not null,
  scope text not null,
  work_id text not null,
  hold text not null,
  used_at timestamptz not null default clock_timestamp(),
  primary key (quota, scope, work_id, hold)
);
create index quota_use_window on quota_use (quota, scope, used_at);

-- State of the fair policy: the virtual time of each queue, and where each tenant's share ends.
create table quota_clock (
  quota text not null,
  scope text not null,
  virtual_time double precision not null default 0,
  last_was_urgent boolean not null default false,
  primary key (quota, scope)
);
create table quota_share (
  quota text not null,
  scope text not null,
  tenant_id text not null,
  finish_tag double precision not null,
  primary key (quota, scope, tenant_id)
);

create table quota_override (
  aws_organization_id text not null,
  quota text not null,
  effective_from date not null,
  quota_limit integer not null check (quota_limit >= 0),
  reason text not null,
  primary key (aws_organization_id, quota, effective_from)
);
call rankan_audited('quota_override');

-- Holds that ended, so that a replay does not take them again, and waits that began, so that a crash does not prolong them.
create table work_hold_ended (
  work_id text not null references work_queue on delete cascade,
  hold text not null,
  steps_run integer not null,
  primary key (work_id, hold)
);
create table work_wait (
  work_id text not null references work_queue on delete cascade,
  step text not null,
  since timestamptz not null default clock_timestamp(),
  primary key (work_id, step)
);

create table executor (
  id text primary key,
  started_at timestamptz not null default clock_timestamp(),
  heartbeat_at timestamptz not null default clock_timestamp(),
  left_at timestamptz
);

-- Rates that all workers share (generic cell rate algorithm: the theoretical arrival time of the next call).
create table rate_bucket (
  name text primary key,
  next_at timestamptz not null
);

-- Tags by start-time fair queueing; the same arithmetic as tagsOf() in domain/scheduling/fair.ts, which a test compares.
create function rankan_enqueue_work(
  p_work_id text, p_kind text, p_aws text, p_tenant text, p_weight double precision, p_deadline timestamptz, p_admission text
) returns boolean language plpgsql as $$
declare
  v_start double precision;
  v_seq bigint;
begin
  perform 1 from work_queue where work_id = p_work_id;
  if found then return false; end if;
  -- The row is there before it is locked, so that two first items of a tenant wait for each other.
  insert into quota_share (quota, scope, tenant_id, finish_tag) values (p_admission, p_aws, p_tenant, 0) on conflict do nothing;
  -- The same arithmetic as `tagsOf` in domain/scheduling/fair.ts: a difference of sums would be off by a rounding error
  -- and decide ties.
  select greatest(s.finish_tag,
      coalesce((select virtual_time from quota_clock c where c.quota = p_admission and c.scope = p_aws), 0))
    into v_start from quota_share s
    where s.quota = p_admission and s.scope = p_aws and s.tenant_id = p_tenant for update;
  update quota_share set finish_tag = v_start + 1 / p_weight
    where quota = p_admission and scope = p_aws and tenant_id = p_tenant;
  insert into work_queue (work_id, kind, aws_organization_id, tenant_id, weight, deadline, admission, start_tag)
    values (p_work_id, p_kind, p_aws, p_tenant, p_weight, p_deadline, p_admission, v_start)
    on conflict do nothing
    returning seq into v_seq;
  if v_seq is null then return false; end if;
  insert into quota_wait (quota, scope, work_id, hold, aws_organization_id, tenant_id, start_tag, seq, deadline)
    values (p_admission, p_aws, p_work_id, 'admission', p_aws, p_tenant, v_start, v_seq, p_deadline);
  perform pg_notify('rankan_work', json_build_object('type', 'free')::text);
  return true;
end $$;

create function rankan_withdraw_work(p_work_id text) returns boolean language plpgsql as $$
begin
  update work_queue set state = 'withdrawn', done_at = clock_timestamp() where work_id = p_work_id and state = 'queued';
  if not found then return false; end if;
  delete from quota_wait where work_id = p_work_id;
  return true;
end $$;
