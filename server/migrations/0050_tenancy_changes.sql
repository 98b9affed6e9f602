-- What a system was called before: `information_system` holds its present name, these rows the earlier ones.
create table system_former_name (
  system_id text not null references information_system,
  organisation_id text not null references organisation,
  name_ja text not null,
  name_en text not null,
  business_area text,
  valid daterange not null check (not isempty(valid)),
  exclude using gist (system_id with =, valid with &&)
);
alter table system_former_name enable row level security;
alter table system_former_name force row level security;
-- Who sees the system sees what it was called.
create policy tenant on system_former_name
  using (exists (select 1 from information_system s where s.id = system_former_name.system_id))
  with check (rankan_sees(organisation_id));
call rankan_audited('system_former_name');

-- The person of that user name, if that organisation employs them: a client gives a role to the people of the company
-- in its contract, whom it cannot see before, by the user name that the company tells it.
create function rankan_person_named(wanted text, employer text) returns text language plpgsql as $$
declare
  scope text := coalesce(current_setting('rankan.scope', true), '');
  found_id text;
begin
  perform set_config('rankan.scope', 'all', true);
  select id into found_id from person where user_name = wanted and organisation_id = employer;
  perform set_config('rankan.scope', scope, true);
  return found_id;
end $$;
