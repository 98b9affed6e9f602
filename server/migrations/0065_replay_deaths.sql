-- Workers that ended in the middle of a replay. One that gave it back when it was stopped is none of them.
alter table replay_run add column deaths integer not null default 0;
