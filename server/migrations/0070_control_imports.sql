-- What was taken over from others: their controls, frameworks of the operator's own, and what an AWS organisation has in
-- place. A version never changes.

create table control_import (
  name text not null check (name ~ '^[a-z0-9]+([._-][a-z0-9]+)*$'),
  version integer not null check (version > 0),
  kind text not null
    check (kind in ('security-hub', 'control-tower', 'conformance-pack', 'in-place', 'framework')),
  -- As the source calls its version; empty where it has none.
  source_version text not null,
  source text not null,
  -- Of an import of kind `in-place`.
  aws_organization_id text references aws_organization,
  entries integer not null,
  body jsonb not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null,
  created_by_id text not null,
  created_by text not null,
  primary key (name, version),
  check ((aws_organization_id is not null) = (kind = 'in-place'))
);

-- The texts of an operator's frameworks may not be shown to everybody.
alter table control_import enable row level security;
alter table control_import force row level security;
create policy centre on control_import using (rankan_sees_all()) with check (rankan_sees_all());
call rankan_audited('control_import');
