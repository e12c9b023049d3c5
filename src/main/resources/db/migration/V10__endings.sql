-- Gone, and the workspaces that only it gave are archived (group-missing: archive-workspace); false again once that is done.
alter table directory_group add column ends boolean not null default false;
create index group_ends on directory_group (source) where ends;
