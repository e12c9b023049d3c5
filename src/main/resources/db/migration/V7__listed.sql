-- Where group-based-user-provisioning is on: when a group's list last named him while he was inactive; his own record ends it.
alter table account add column listed_at timestamptz;
