-- Whether a push disabled somebody, and neither a push nor a complete pull has said active since.
alter table account add column push_off boolean not null default false;
update account set push_off = true where gone_at is null and listed_at is null and not coalesce(active, true) and pushed_at is not null and (pulled_at is null or pushed_at > pulled_at);
