-- A bridge that slept while another took its source over must not go on with what it read: each taking of the lease gives a larger token, and every write of a run shows its own.
alter table source_state add column lease_token bigint not null default 0;
-- Unlogged as what is staged: a crash of the database empties it together with that, so a run that has lost a part of what it read does not pass for a whole one.
create unlogged table stage_run (run_id uuid primary key, begun_at timestamptz not null default now());
insert into stage_run (run_id) select run_id from run_page union select run_id from stage_record union select run_id from stage_member;
