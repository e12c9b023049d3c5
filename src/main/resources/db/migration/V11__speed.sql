-- A push changes the pushed resource and nothing that an index is over. With the resource itself in an index's condition, every index got a new entry.
alter table account add column is_pushed boolean generated always as (pushed is not null) stored;
drop index account_user_name;
create unique index account_user_name on account (source, lower(user_name)) where gone_at is null and is_pushed;
alter table directory_group add column is_pushed boolean generated always as (pushed is not null) stored;
drop index group_name;
create unique index group_name on directory_group (source, lower(display_name)) where gone_at is null and is_pushed;
-- Room in each page for the next version of a row beside it.
alter table account set (fillfactor = 85);
alter table person set (fillfactor = 90);
-- Rows of it are made from accounts and live for a moment; looking each up once more is what writing them costs most.
alter table due drop constraint due_account_id_fkey;
-- What these looked up for every row is certain without them: people and workspaces are never deleted, accounts and groups only as old tombstones
-- under their locks and with what names them, and the one writer names only rows that it has just read or locked.
alter table membership drop constraint membership_person_id_fkey, drop constraint membership_workspace_id_fkey;
alter table grants drop constraint grants_person_id_fkey, drop constraint grants_workspace_id_fkey;
alter table group_member drop constraint group_member_group_id_fkey, drop constraint group_member_account_id_fkey;
