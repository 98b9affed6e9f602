-- How many accounts each AWS organisation has. A tenant sees its own alone, and by those every AWS organisation but its
-- own looks empty: which has most room is asked in the name of a tenant. It tells numbers and nothing else.
create function rankan_account_counts() returns table (aws_organization_id text, accounts bigint) language plpgsql as $$
declare
  scope text := coalesce(current_setting('rankan.scope', true), '');
begin
  perform set_config('rankan.scope', 'all', true);
  return query select a.aws_organization_id, count(*) from account a group by 1;
  perform set_config('rankan.scope', scope, true);
end $$;
