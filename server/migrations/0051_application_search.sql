-- Words of applications, so that a search uses an index. LIKE and the operators of trigrams and text search are not
-- leakproof: under row-level security the planner may ask them only about rows that the reader may see anyway, so it reads
-- all rows. The comparisons of text are leakproof, so what is searched for stands at the beginning of a token here:
-- `システム77 sys77` gives `システム77`, `ステム77`, `テム77`, `ム77`, `77`, `sys77`.

-- Full-width and half-width forms are one. The same as searchTerms() in storage/applications/search.ts.
create function rankan_search_tokens(content text) returns setof text
  language sql immutable parallel safe
begin atomic
    select distinct substr(word, i, 32) collate "C"
    from regexp_split_to_table(lower(normalize(content, NFKC)), '\s+') as word,
      generate_series(1, least(length(word), 200)) as i,
      lateral (select substr(word, i - 1, 1) as before, substr(word, i, 1) as here) as pair
    where here ~ '[^\x01-\x7f]'
      or here ~ '[a-z]' and (i = 1 or before !~ '[a-z]')
      or here ~ '[0-9]' and (i = 1 or before !~ '[0-9]');
end;

create table application_token (
  token text collate "C" not null,
  application_id text not null references application on delete cascade,
  organisation_id text not null,
  primary key (token, application_id)
);
create index application_token_of on application_token (application_id);
-- A tenant's words by themselves, so that it does not pass by those of all others.
create index application_token_tenant on application_token (organisation_id, token, application_id);
call rankan_tenant_table('application_token');

create function rankan_application_tokens() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then delete from application_token where application_id = new.id; end if;
  insert into application_token (token, application_id, organisation_id)
    select token, new.id, new.organisation_id from rankan_search_tokens(new.search) as token;
  return null;
end $$;
create trigger application_search_insert after insert on application
  for each row execute function rankan_application_tokens();
-- Most updates are of the state: they leave the words alone.
create trigger application_search_update after update of search, organisation_id on application
  for each row when (old.search is distinct from new.search or old.organisation_id is distinct from new.organisation_id)
  execute function rankan_application_tokens();

select set_config('rankan.scope', 'all', true);
insert into application_token (token, application_id, organisation_id)
  select token, application.id, organisation_id from application, rankan_search_tokens(search) as token;
