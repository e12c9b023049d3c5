-- A name has several spellings in Unicode (RFC 7644, 5), and of two who come at the same moment only an index can refuse one. Names of ASCII alone have one
-- spelling, and are in account_user_name and group_name already. Who came before this index with another's name keeps it, as a twin.
alter table account add column twin boolean not null default false;
update account set twin = true from (select id, row_number() over (partition by source, lower(normalize(user_name)) order by created_at, id) as n from account
    where gone_at is null and is_pushed and octet_length(user_name) <> length(user_name)) s where s.id = account.id and s.n > 1;
create unique index account_spelling on account (source, lower(normalize(user_name))) where gone_at is null and is_pushed and not twin and octet_length(user_name) <> length(user_name);
alter table directory_group add column twin boolean not null default false;
update directory_group set twin = true from (select id, row_number() over (partition by source, lower(normalize(display_name)) order by created_at, id) as n from directory_group
    where gone_at is null and is_pushed and octet_length(display_name) <> length(display_name)) s where s.id = directory_group.id and s.n > 1;
create unique index group_spelling on directory_group (source, lower(normalize(display_name))) where gone_at is null and is_pushed and not twin and octet_length(display_name) <> length(display_name);
