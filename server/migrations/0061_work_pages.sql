-- The engine writes the results of steps in pages; what names a place in a workflow names a page.
alter table work_hold_ended rename column steps_run to pages;
alter table work_queue rename column resume_step to resume_page;
