-- Applications with their forms over time, approvals, orders, delegations and reminders.

create table application (
  id text primary key,
  kind text not null check (kind in ('vend', 'change_contacts', 'change_owner', 'move', 'suspend', 'resume', 'close')),
  state text not null check (state in ('draft', 'submitted', 'accepted', 'returned', 'rejected', 'withdrawn',
    'queued', 'running', 'needs_repair', 'ready', 'abandoned')),
  -- Raised with each change of form or state: a writer names the version it saw.
  version integer not null check (version > 0),
  organisation_id text not null,
  organisation_code text not null default '',
  organisation_name_ja text not null default '',
  organisation_name_en text not null default '',
  system_code text not null default '',
  system_name_ja text not null default '',
  system_name_en text not null default '',
  environments text[] not null default '{}',
  provider text,
  -- Account that a change is about.
  account_id text,
  applicant_id text not null,
  applicant_name text not null,
  applicant_role text not null,
  form jsonb not null check (pg_column_size(form) < 200000),
  -- {"organisation": Approval, "centre": Approval}, as they happened in the present round.
  approvals jsonb not null default '{}',
  -- Comment and author of a return or a rejection.
  answer jsonb,
  batch_id text,
  created_at timestamptz not null,
  since timestamptz not null,
  submitted_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null,
  updated_by_id text not null,
  updated_by_name text not null,
  -- Lower-case text that the search looks through. No trigram index: LIKE is not leakproof, so under row-level
  -- security the planner may not use one; 10,000 rows are read in some milliseconds.
  search text not null default ''
);
create index application_since on application (since desc, id desc);
create index application_organisation on application (organisation_id, since desc, id desc);
create index application_applicant on application (applicant_id, since desc, id desc);
create index application_state on application (state, since desc, id desc);
create index application_kind on application (kind, since desc, id desc);
create index application_in_batch on application (batch_id, id) where batch_id is not null;
create index application_waiting on application (since desc, id desc) where state in ('submitted', 'accepted');
create index application_system on application (organisation_id, system_code) where kind = 'vend';
create index application_account on application (account_id, since desc) where account_id is not null;
call rankan_tenant_table('application');
call rankan_audited('application');

create function rankan_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'table % is append-only', tg_table_name using errcode = 'RK003';
end $$;

create table application_form_version (
  application_id text not null references application,
  version integer not null,
  organisation_id text not null,
  form jsonb not null,
  at timestamptz not null,
  by_id text not null,
  by_name text not null,
  primary key (application_id, version)
);
call rankan_tenant_table('application_form_version');
create trigger application_form_version_append_only before update or delete on application_form_version
  for each row execute function rankan_append_only();

create table application_event (
  id bigint generated always as identity primary key,
  application_id text not null references application,
  organisation_id text not null,
  at timestamptz not null,
  action text not null,
  from_state text,
  to_state text not null,
  -- {id, name, role}
  actor jsonb not null,
  on_behalf_of jsonb,
  policy_version text,
  comment text not null default ''
);
create index application_event_application on application_event (application_id, id);
call rankan_tenant_table('application_event');
create trigger application_event_append_only before update or delete on application_event
  for each row execute function rankan_append_only();

-- How long each stage took, without any name: the usual time is told to everyone. Not a tenant table on purpose.
create table application_stage_time (
  id bigint generated always as identity primary key,
  stage text not null check (stage in ('organisation', 'centre', 'work')),
  left_at timestamptz not null,
  seconds double precision not null check (seconds >= 0)
);
create index application_stage_time_recent on application_stage_time (stage, left_at desc) include (seconds);

create table application_comment (
  id text primary key,
  application_id text not null references application,
  organisation_id text not null,
  at timestamptz not null,
  author jsonb not null,
  body text not null check (length(body) between 1 and 8000)
);
create index application_comment_application on application_comment (application_id, at, id);
call rankan_tenant_table('application_comment');
call rankan_audited('application_comment');
create trigger application_comment_append_only before update or delete on application_comment
  for each row execute function rankan_append_only();

create table application_exception (
  application_id text not null references application,
  organisation_id text not null,
  rule text not null,
  reason text not null,
  expires_on date not null,
  -- {id, name, role} of the centre's approver, with the time.
  approver jsonb not null,
  granted_at timestamptz not null,
  primary key (application_id, rule)
);
create index application_exception_expiry on application_exception (expires_on);
call rankan_tenant_table('application_exception');
call rankan_audited('application_exception');

create table application_order (
  work_id text primary key,
  application_id text not null references application,
  organisation_id text not null,
  kind text not null,
  environment text,
  aws_organization_id text not null,
  state text not null check (state in ('queued', 'running', 'needs_repair', 'finished', 'abandoned')),
  account_name text,
  account_email text,
  account_id text,
  -- The order as it was approved (ports/orders.ts).
  body jsonb not null,
  -- Fields that a person put right, by name: laid over the order when it is loaded.
  corrections jsonb not null default '{}',
  failure jsonb,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index application_order_application on application_order (application_id, work_id);
create index application_order_account on application_order (account_id) where account_id is not null;
call rankan_tenant_table('application_order');
call rankan_audited('application_order');

-- A name that was ever reserved is never given again, so nothing is deleted here.
create table account_name (
  value text primary key check (value ~ '^[ -~]{1,64}$' and value = lower(value)),
  kind text not null check (kind in ('name', 'email')),
  work_id text not null,
  organisation_id text not null,
  reserved_at timestamptz not null
);
create index account_name_work on account_name (work_id, kind);
create index account_name_prefix on account_name (value text_pattern_ops);
call rankan_tenant_table('account_name');
call rankan_audited('account_name');
create trigger account_name_append_only before update or delete on account_name
  for each row execute function rankan_append_only();

create table approval_delegation (
  id text primary key,
  -- {id, name, role}
  from_person jsonb not null,
  to_person jsonb not null,
  stage text not null check (stage in ('organisation', 'centre')),
  organisation_ids text[] not null,
  first_day date not null,
  last_day date not null check (last_day >= first_day),
  reason text not null,
  made_at timestamptz not null,
  revoked_at timestamptz
);
create index approval_delegation_to on approval_delegation ((to_person ->> 'id'), last_day);
create index approval_delegation_from on approval_delegation ((from_person ->> 'id'), last_day);
alter table approval_delegation enable row level security;
alter table approval_delegation force row level security;
-- One's own organisations' delegations; those of the centre are the centre's.
create policy tenant on approval_delegation
  using (rankan_sees_all() or organisation_ids && string_to_array(coalesce(current_setting('rankan.organisations', true), ''), ','))
  with check (rankan_sees_all() or (stage = 'organisation'
    and organisation_ids <@ string_to_array(coalesce(current_setting('rankan.organisations', true), ''), ',')));
call rankan_audited('approval_delegation');

create table application_reminder (
  application_id text not null references application,
  -- The stage is known by when the application came into it: a new round is reminded anew.
  since timestamptz not null,
  after_hours double precision not null,
  organisation_id text not null,
  at timestamptz not null,
  primary key (application_id, since, after_hours)
);
call rankan_tenant_table('application_reminder');

-- What a person finds in the product, and what goes out by mail once a mail gateway is configured.
create table notification (
  id bigint generated always as identity primary key,
  person_id text not null,
  organisation_id text,
  at timestamptz not null,
  kind text not null,
  subject text not null,
  params jsonb not null default '{}',
  read_at timestamptz
);
create index notification_person on notification (person_id, id desc);
create table outbox (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  to_person text not null,
  kind text not null,
  subject text not null,
  params jsonb not null default '{}',
  -- The same thing is never sent twice.
  once_key text not null unique,
  sent_at timestamptz
);
create index outbox_unsent on outbox (id) where sent_at is null;

-- A file that was accepted: the same bytes are not accepted twice.
create table application_batch (
  id text primary key,
  sha256 text not null unique,
  actor_id text not null,
  actor_name text not null,
  applications integer not null,
  at timestamptz not null
);
call rankan_audited('application_batch');
