-- A whole reading of Portkey by its SCIM endpoint: users and groups bear the mark of who made them, and groups give the memberships.
alter table stage_target_user
  add column user_name   text,
  add column external_id text;                       -- the id of ours whom the bridge made by it
alter table stage_target_group add column external_id text; -- "<our workspace> <role>" where the bridge made it
alter table stage_target_member drop constraint stage_target_member_pkey, add primary key (key, who, role); -- two groups of one workspace: two roles
