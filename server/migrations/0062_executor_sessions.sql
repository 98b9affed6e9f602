-- An executor holds a shared advisory lock on one of its sessions as long as it lives. PostgreSQL ends the session of a
-- killed process at once, so that others need not wait for the end of its lease.
alter table executor
  add column guarded boolean not null default false,
  add column missing_since timestamptz;

create function rankan_session_key(p_executor text) returns bigint language sql immutable as
  $$ select hashtextextended('executor ' || p_executor, 7266) $$;
