-- What every table of Rankan stands on: who may see a row (second wall behind Cedar), the audit ledger,
-- and the rule that no state changes without a ledger entry in the same transaction.

create extension if not exists btree_gist;
create extension if not exists pg_trgm;

-- The application sets both settings at the start of each transaction (storage/transact.ts). Without them nothing is seen.
create function rankan_sees_all() returns boolean
  language sql stable parallel safe
  return coalesce(current_setting('rankan.scope', true), '') = 'all';

create function rankan_sees(organisation_id text) returns boolean
  language sql stable parallel safe
  return coalesce(current_setting('rankan.scope', true), '') = 'all'
      or organisation_id = any (string_to_array(coalesce(current_setting('rankan.organisations', true), ''), ','));

create table ledger_entry (
  id bigint generated always as identity primary key,
  txid xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  kind text not null check (length(kind) between 1 and 100),
  organisation_id text,
  subject text not null check (length(subject) between 1 and 200),
  actor_id text not null,
  actor_role text not null,
  -- Canonical JSON of the whole entry: these bytes are what the Merkle tree holds.
  body text not null,
  leaf_hash bytea not null check (length(leaf_hash) = 32),
  -- Its place in the tree: given by the integrator, in commit order, without gaps.
  leaf_index bigint unique
);
create index ledger_entry_txid on ledger_entry (txid);
create index ledger_entry_pending on ledger_entry (id) where leaf_index is null;
create index ledger_entry_organisation on ledger_entry (organisation_id, id desc);
create index ledger_entry_subject on ledger_entry (subject, id desc);
create index ledger_entry_kind on ledger_entry (kind, id desc);

create function rankan_ledger_is_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.leaf_index is null and new.leaf_index is not null
     and (old.id, old.txid, old.at, old.kind, old.subject, old.actor_id, old.actor_role, old.body, old.leaf_hash)
       = (new.id, new.txid, new.at, new.kind, new.subject, new.actor_id, new.actor_role, new.body, new.leaf_hash)
     and old.organisation_id is not distinct from new.organisation_id then
    return new;
  end if;
  raise exception 'the audit ledger is append-only' using errcode = 'RK001';
end $$;
create trigger ledger_entry_append_only before update or delete on ledger_entry
  for each row execute function rankan_ledger_is_append_only();

-- Inner nodes and leaves of the Merkle tree (RFC 9162), complete subtrees only: level 0 holds the leaf hashes.
create table ledger_node (
  level smallint not null,
  index bigint not null,
  hash bytea not null check (length(hash) = 32),
  primary key (level, index)
);
create table ledger_checkpoint (
  size bigint primary key,
  root bytea not null check (length(root) = 32),
  at timestamptz not null
);

alter table ledger_entry enable row level security;
alter table ledger_entry force row level security;
-- A transaction always sees what it wrote itself: the check below must find entries of the centre, too.
create policy ledger_entry_read on ledger_entry for select
  using (txid = pg_current_xact_id_if_assigned() or rankan_sees_all() or (organisation_id is not null and rankan_sees(organisation_id)));
create policy ledger_entry_write on ledger_entry for insert with check (true);
create policy ledger_entry_integrate on ledger_entry for update using (rankan_sees_all()) with check (true);

-- `call rankan_audited('t')`: a transaction that changed t and wrote no ledger entry cannot commit.
create function rankan_require_ledger_entry() returns trigger language plpgsql as $$
begin
  perform 1 from ledger_entry where txid = pg_current_xact_id_if_assigned();
  if not found then
    raise exception 'table % was changed without a ledger entry in the same transaction', tg_table_name
      using errcode = 'RK002';
  end if;
  return null;
end $$;
create procedure rankan_audited(target regclass) language plpgsql as $$
begin
  execute format(
    'create constraint trigger %I after insert or update or delete on %s deferrable initially deferred '
    'for each row execute function rankan_require_ledger_entry()',
    'audited_' || replace(target::text, '.', '_'), target);
end $$;

-- `call rankan_tenant_table('t')`: rows are seen and written only within the scope of the transaction; needs a column organisation_id.
create procedure rankan_tenant_table(target regclass) language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy tenant on %s using (rankan_sees(organisation_id)) with check (rankan_sees(organisation_id))', target);
end $$;

-- Answers already given to requests with an Idempotency-Key (kept 24 hours).
create table idempotency_key (
  actor_id text not null,
  key text not null check (length(key) between 1 and 200),
  request_hash text not null,
  status integer,
  body text,
  at timestamptz not null default now(),
  primary key (actor_id, key)
);
create index idempotency_key_at on idempotency_key (at);

create table session (
  id_hash bytea primary key,
  actor jsonb not null,
  language text not null default 'ja',
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_expires_at on session (expires_at);

-- Settings of this installation that are not in the environment: the secret that signs cursors, sandbox credentials …
create table installation (
  key text primary key,
  value jsonb not null
);
