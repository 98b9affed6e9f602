-- What belongs to an application changes with a ledger entry, too.
call rankan_audited('application_event');
call rankan_audited('application_form_version');
call rankan_audited('application_stage_time');
call rankan_audited('application_reminder');
call rankan_audited('organisation_import');
call rankan_audited('organisation_register');

-- A notification is its person's: anybody's work may write one, nobody else reads it.
alter table notification enable row level security;
alter table notification force row level security;
create policy notification_read on notification for select
  using (rankan_sees_all() or person_id = current_setting('rankan.person', true));
create policy notification_write on notification for insert with check (true);
create policy notification_mark on notification for update
  using (rankan_sees_all() or person_id = current_setting('rankan.person', true)) with check (true);
