-- What needs attention, since when it is known, and who was told: the organisation's owner first, then the centre.
create table escalation (
  id bigint generated always as identity primary key,
  -- The same thing is one escalation while it lasts; when it comes again, it is another one.
  key text not null,
  kind text not null,
  -- null: a thing of no organisation, e.g. an account that nobody owns; only the centre sees it.
  organisation_id text references organisation,
  subject text not null,
  opened_at timestamptz not null,
  owner_told_at timestamptz,
  centre_told_at timestamptz,
  resolved_at timestamptz
);
create unique index escalation_open on escalation (key) where resolved_at is null;
call rankan_tenant_table('escalation');
call rankan_audited('escalation');
