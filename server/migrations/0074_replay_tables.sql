-- Tables of a result with more lines than the result keeps: all of their lines, as the file that is exported.
create table replay_table (
  replay_id text not null references replay,
  section text not null,
  name text not null,
  lines integer not null,
  -- CSV (UTF-8 with a byte-order mark), packed with gzip.
  csv_gz bytea not null,
  primary key (replay_id, section, name)
);
alter table replay_table enable row level security;
alter table replay_table force row level security;
create policy centre on replay_table using (rankan_sees_all()) with check (rankan_sees_all());
call rankan_audited('replay_table');
