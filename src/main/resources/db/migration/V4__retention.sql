-- What retention and meters look for, and what the deletion of an account has to look up.
drop index group_member_account;
create index group_member_account on group_member (account_id);
create index group_member_removed on group_member (removed_at) where removed_at is not null;
create index account_gone on account (gone_at) where gone_at is not null;
create index group_gone on directory_group (gone_at) where gone_at is not null;
create index account_missing on account (source) where missing_since is not null and gone_at is null;
