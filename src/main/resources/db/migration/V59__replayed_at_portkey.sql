-- The replay that made a letter about Portkey due for the publisher: what became of it is known only later.
alter table dead_letter add column replay bigint;
create index dead_letter_replay on dead_letter (replay) where replay is not null;
