-- Folded names of workspaces that a rule no longer in the mapping gave to the group's members, who keep them (on-mapping-delete: keep).
alter table directory_group add column unlinked text[] not null default '{}';
