-- Every push pays for each entry of an index, and nobody reads these so often that it is worth it.
-- A workspace's grants are found by its members, and the grants of a group that is gone for long are looked for by the hour.
drop index grants_reason;
drop index grants_workspace;
-- By time only what is old is looked for, in a table that grows at its end: a summary of each stretch says where.
drop index audit_at;
create index audit_at on audit using brin (at) with (pages_per_range = 32);
drop index request_log_at;
create index request_log_at on request_log using brin (at) with (pages_per_range = 32);
-- The ids are in the order of time.
drop index request_log_source;
create index request_log_source on request_log (source, id);
drop index person_order;
-- As with memberships and grants: people are never deleted, accounts only as old tombstones after their links, and the one writer links only what
-- it has just read or locked. The keys looked both up, and locked them, for every new person.
alter table link drop constraint link_account_id_fkey, drop constraint link_person_id_fkey;
