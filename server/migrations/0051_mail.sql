-- Sending what stands in the outbox: to group addresses, at least once, with back-off, and dead after some attempts.
alter table outbox
  -- The same for everybody who is told of the same thing: people behind one group address get one mail.
  add column message_key text not null default '',
  add column state text not null default 'waiting' check (state in ('waiting', 'sent', 'dead')),
  add column attempts integer not null default 0,
  -- Not before; a worker that takes a mail sets it ahead, so that the mail comes back if the worker dies.
  add column next_at timestamptz not null default '-infinity',
  add column to_address text,
  add column last_error text;
-- What was written before has no key: its own is as good.
update outbox set message_key = once_key where message_key = '';
create index outbox_waiting on outbox (next_at, id) where state = 'waiting';
create index outbox_dead on outbox (id) where state = 'dead';
drop index outbox_unsent;
