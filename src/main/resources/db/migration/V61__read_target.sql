-- Unlogged as the rest of a reading of Portkey: after a crash of the database it is empty with that, and what is left does not pass for all of Portkey.
create unlogged table stage_target_reading (reading uuid primary key);
