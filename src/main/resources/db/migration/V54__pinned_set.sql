-- A set that was rolled back to stays until the disk holds something else than it did then.
alter table active_set add column disk text;   -- the hash of what lay on the disk; null where the set came from there
update active_set set disk = (select before.hash from active_set before where before.seq < active_set.seq order by before.seq desc limit 1) where activated_by like '% (rollback)';
