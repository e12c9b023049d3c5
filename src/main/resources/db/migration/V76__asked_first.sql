-- Somebody had a letter re-read that is about a workspace: it has its turn once a whole reading of Portkey that began after this has ended.
alter table outbox add column reads_first timestamptz;
-- By SCIM: workspaces that were here by then may be made though Portkey does not show whether they are there, for somebody has looked.
alter table target add column made_until timestamptz;
update target set made_until = now() where mode = 'apply';
