-- Portkey's own mappings of SCIM groups to workspaces, as its Admin API shows them: somebody else's, who changes memberships by them.
create table target_mapping (
  mapping_id     text primary key,
  workspace_uuid text not null,                      -- as the mapping says it: Portkey's id, or the slug
  workspace      bigint references target_workspace on delete set null,
  group_id       text,
  group_name     text not null,
  role           text not null check (role in ('member', 'manager', 'admin')),
  first_at       timestamptz not null default now(),
  shown_at       timestamptz not null
);
create unlogged table stage_target_mapping (mapping_id text primary key, key text not null, group_id text, group_name text not null, role text not null);
alter table target add column mappings_why text;     -- why the last reading had none of them
