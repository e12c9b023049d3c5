-- A key grows by its lease, and a membership is written twice, before the call and after it: both find room on their own page, without new entries in the indexes.
alter table outbox set (fillfactor = 40);
alter table target_member set (fillfactor = 45);
