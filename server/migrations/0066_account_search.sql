-- Words of accounts, for the same reason and cut in the same way as those of applications: see 0051_application_search.sql.
create table account_token (
  token text collate "C" not null,
  -- `acc_…`
  account_key text not null references account on delete cascade,
  organisation_id text,
  primary key (token, account_key)
);
create index account_token_of on account_token (account_key);
create index account_token_tenant on account_token (organisation_id, token, account_key);
call rankan_tenant_table('account_token');

create function rankan_account_tokens() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then delete from account_token where account_key = new.id; end if;
  insert into account_token (token, account_key, organisation_id)
    select token, new.id, new.organisation_id from rankan_search_tokens(new.search) as token;
  return null;
end $$;
create trigger account_search_insert after insert on account
  for each row execute function rankan_account_tokens();
create trigger account_search_update after update of search, organisation_id on account
  for each row when (old.search is distinct from new.search or old.organisation_id is distinct from new.organisation_id)
  execute function rankan_account_tokens();

select set_config('rankan.scope', 'all', true);
insert into account_token (token, account_key, organisation_id)
  select token, account.id, organisation_id from account, rankan_search_tokens(search) as token;

-- Nobody searches by trigrams any more.
drop index account_search;
