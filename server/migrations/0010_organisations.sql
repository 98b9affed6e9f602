-- The register of organisations (docs/decisions/0002-effective-dating.md). What is true of an organisation during a
-- span of days is a version; spans of one organisation, and of one code, never overlap: PostgreSQL itself refuses it.
-- Names and codes are public inside the product, so these three tables have no row-level security.

create table organisation (
  id text primary key,
  created_at timestamptz not null
);

create table organisation_version (
  organisation_id text not null references organisation,
  -- The lower bound is open where nobody told when it began.
  valid daterange not null check (not isempty(valid)),
  code text not null check (length(code) between 2 and 20),
  kind text not null,
  name_ja text not null check (length(name_ja) between 1 and 100),
  name_en text,
  -- Bodies without an official English name are shown by their reading in Latin letters; it is derived, and so marked.
  name_en_derived boolean not null default false,
  kana text,
  parent_id text references organisation,
  -- Folded by domain/organisations/fold.ts, as the query is.
  name_key text not null,
  kana_key text not null,
  search text not null,
  constraint organisation_one_version_a_day exclude using gist (organisation_id with =, valid with &&),
  constraint organisation_code_used_once_a_day exclude using gist (code with =, valid with &&)
);
create index organisation_version_parent on organisation_version (parent_id);
create index organisation_version_code on organisation_version (code);
create index organisation_version_search on organisation_version using gin (search gin_trgm_ops);

create table organisation_succession (
  predecessor_id text not null references organisation,
  successor_id text not null references organisation,
  day date not null,
  source text,
  primary key (predecessor_id, successor_id),
  check (predecessor_id <> successor_id)
);
create index organisation_succession_successor on organisation_succession (successor_id);

call rankan_audited('organisation');
call rankan_audited('organisation_version');
call rankan_audited('organisation_succession');

-- Counts the changes of the register: a plan is applied only to the register that it was made from.
create table organisation_register (
  id boolean primary key default true check (id),
  revision bigint not null
);
insert into organisation_register (revision) values (0);

create table import_profile (
  name text primary key,
  profile jsonb not null,
  changed_at timestamptz not null
);
call rankan_audited('import_profile');

create table organisation_import (
  id text primary key,
  file_name text not null,
  sha256 text not null,
  encoding text not null,
  as_of date not null,
  profile jsonb not null,
  rows jsonb not null,
  decisions jsonb not null,
  plan jsonb not null,
  revision bigint not null,
  state text not null check (state in ('planned', 'applied', 'discarded')),
  actor_id text not null,
  actor_name text not null,
  created_at timestamptz not null,
  applied_at timestamptz
);
create index organisation_import_created on organisation_import (created_at desc);
