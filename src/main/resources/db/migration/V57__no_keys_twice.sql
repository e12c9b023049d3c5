-- Whoever left is watched until two looks at his keys have found none, with a reading between them.
alter table target_left add column none_at timestamptz;
