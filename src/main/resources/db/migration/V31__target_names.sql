-- Portkey's SCIM takes user names: to see that one has changed, what stands there has to be known.
alter table target_person add column user_name text;
create index target_person_owner on target_person (id) where org_role = 'owner';
