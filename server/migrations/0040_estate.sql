-- The register of accounts, the AWS organisations they live in, what the workflows report, and drift.

create table aws_organization (
  id text primary key check (id ~ '^aws_'),
  name text not null check (length(name) between 1 and 100),
  engine text not null check (engine in ('account_factory', 'auto_enrolment')),
  -- o-… and the management account, once they were looked at.
  organization_id text,
  management_account_id text,
  -- Log archive, audit and other accounts of the landing zone: never drift, never a tenant's.
  own_accounts text[] not null default '{}',
  -- How to reach it: region, endpoint, role. No secrets.
  settings jsonb not null default '{}',
  created_at timestamptz not null
);
call rankan_audited('aws_organization');

create table aws_organization_sweep (
  aws_organization_id text primary key references aws_organization,
  at timestamptz not null,
  complete boolean not null,
  last_complete_at timestamptz,
  listed integer not null
);

create table account (
  id text primary key,
  account_id text not null unique check (account_id ~ '^[0-9]{12}$'),
  name text not null,
  email text not null,
  status text not null
    check (status in ('vending', 'active', 'suspended', 'closing', 'post_closure', 'closed', 'departed')),
  aws_state text not null
    check (aws_state in ('PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED')),
  environment text check (environment in ('production', 'staging', 'development', 'operation')),
  -- null: adopted, and nobody has claimed it yet; only the centre sees it.
  organisation_id text,
  organisation_code text,
  organisation_name_ja text,
  organisation_name_en text,
  system_code text,
  system_name_ja text,
  system_name_en text,
  aws_organization_id text not null references aws_organization,
  ou_id text not null,
  ou_name text not null,
  origin text not null check (origin in ('vended', 'adopted')),
  -- The order that made it.
  work_id text,
  contacts jsonb not null default '[]',
  facts jsonb not null default '{}',
  suspension jsonb,
  closure jsonb,
  created_at timestamptz not null,
  ready_at timestamptz,
  closed_at timestamptz,
  search text not null generated always as (lower(
    account_id || ' ' || name || ' ' || email || ' ' || coalesce(organisation_code, '') || ' ' ||
    coalesce(organisation_name_ja, '') || ' ' || coalesce(organisation_name_en, '') || ' ' ||
    coalesce(system_code, '') || ' ' || coalesce(system_name_ja, '') || ' ' || coalesce(system_name_en, '')
  )) stored
);
create index account_list on account (name collate "C", account_id);
create index account_organisation on account (organisation_id, name collate "C", account_id);
create index account_ou on account (aws_organization_id, ou_name);
create index account_search on account using gin (search gin_trgm_ops);
create index account_work on account (work_id) where work_id is not null;
call rankan_tenant_table('account');
call rankan_audited('account');

-- What a workflow keeps of one order beside the order itself: the reserved place, the attempt, the facts.
create table work_estate (
  work_id text primary key,
  organisation_id text not null,
  aws_organization_id text not null,
  -- OU names below the root; null until chosen.
  ou_path text[],
  -- True once the account is there (or will never be): then the place is counted by the account's own row.
  place_settled boolean not null default false,
  attempt integer not null default 1 check (attempt > 0),
  facts jsonb not null default '{}',
  account_id text
);
create index work_estate_place on work_estate (aws_organization_id) where ou_path is not null and not place_settled;
call rankan_tenant_table('work_estate');
call rankan_audited('work_estate');

create table closing_evidence (
  work_id text primary key,
  account_id text not null,
  organisation_id text,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- Canonical JSON: these bytes are what the hash is of.
  body text not null,
  at timestamptz not null
);
call rankan_tenant_table('closing_evidence');
call rankan_audited('closing_evidence');
create trigger closing_evidence_append_only before update or delete on closing_evidence
  for each row execute function rankan_append_only();

-- Not audited by the ledger: the same event may come again, and it decides nothing by itself.
create table lifecycle_event (
  aws_organization_id text not null,
  event_id text not null,
  name text not null,
  account_id text,
  ou_id text,
  state text,
  message text,
  time timestamptz not null,
  received_at timestamptz not null,
  primary key (aws_organization_id, event_id)
);
create index lifecycle_event_account on lifecycle_event (account_id, time desc) where account_id is not null;

-- How the steps of the workflows go. Not audited: these rows say how work runs, never what is decided.
create table work_step (
  work_id text not null,
  step text not null,
  seq bigint generated always as identity,
  organisation_id text not null,
  application_id text not null,
  state text not null check (state in ('running', 'waiting', 'done', 'failed')),
  attempts integer not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  error jsonb,
  detail jsonb not null default '{}',
  primary key (work_id, step)
);
create index work_step_application on work_step (application_id, seq);
call rankan_tenant_table('work_step');

create table drift (
  id text primary key,
  kind text not null,
  state text not null check (state in ('open', 'applying', 'resolved')),
  aws_organization_id text not null references aws_organization,
  account_id text not null,
  account_name text not null,
  account_email text,
  organisation_id text,
  expected text,
  actual text,
  found_at timestamptz not null,
  resolved_at timestamptz,
  resolved_by text,
  resolution text,
  reason text
);
create unique index drift_once on drift (account_id, kind) where state <> 'resolved';
create index drift_list on drift (found_at desc, id desc);
create index drift_account on drift (account_id, kind, found_at desc);
call rankan_tenant_table('drift');
call rankan_audited('drift');
