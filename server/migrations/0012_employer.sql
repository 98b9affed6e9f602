-- Who employs a person, also for an organisation that cannot see the person yet: a client gives a role to the people of
-- the company in its contract. It tells one id about a person whose id the caller knows already, and nothing else.
create function rankan_employer_of(wanted text) returns text language plpgsql as $$
declare
  scope text := coalesce(current_setting('rankan.scope', true), '');
  employer text;
begin
  perform set_config('rankan.scope', 'all', true);
  select organisation_id into employer from person where id = wanted;
  perform set_config('rankan.scope', scope, true);
  return employer;
end $$;
