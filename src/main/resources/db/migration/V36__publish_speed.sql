-- A key is leased and deleted soon after: its lease is to find room beside it, without new entries in the indexes.
alter table outbox set (fillfactor = 50);
alter table target_member set (fillfactor = 80);
-- What was found about a key, and is not any more, is closed with every key that is done.
create index target_finding_about on target_finding (split_part(subject, ' ', 1)) where closed_at is null;
