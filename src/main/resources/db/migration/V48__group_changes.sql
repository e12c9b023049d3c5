-- How often the members of a group have changed, and when last: they come and go without its row being touched. A group has as many of these rows as there
-- were ever transactions that changed it at once; each takes one that no other holds, so that none waits for another.
create table group_change (
  id       bigint generated always as identity primary key,
  group_id uuid not null,
  changes  bigint not null default 1,
  at       timestamptz not null default now()
) with (fillfactor = 50);
create index group_change_group on group_change (group_id);

create function count_change(groups uuid[]) returns void language plpgsql as $$
begin
  if cardinality(groups) > 0 then
    with free as (select g, k.id from unnest(groups) g cross join lateral (select c.id from group_change c where c.group_id = g limit 1 for update skip locked) k),
         counted as (update group_change k set changes = k.changes + 1, at = greatest(k.at, now()) from free where k.id = free.id)
    insert into group_change (group_id) select g from unnest(groups) g where not exists (select 1 from free where free.g = g);
  end if;
end $$;

-- Whoever writes members counts, whatever the way: rows that only get another time, or end after they were marked, show nothing else.
create function group_member_changed() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'INSERT' then perform count_change(array(select distinct group_id from fresh where removed_at is null));
    when 'DELETE' then perform count_change(array(select distinct group_id from gone where removed_at is null));
    else perform count_change(array(select distinct f.group_id from fresh f join gone g on g.group_id = f.group_id and g.account_id = f.account_id where (f.removed_at is null) <> (g.removed_at is null)));
  end case;
  return null;
end $$;
create trigger group_member_in after insert on group_member referencing new table as fresh for each statement execute function group_member_changed();
create trigger group_member_out after delete on group_member referencing old table as gone for each statement execute function group_member_changed();
create trigger group_member_marked after update on group_member referencing new table as fresh old table as gone for each statement execute function group_member_changed();

create function pending_member_changed() returns trigger language plpgsql as $$
begin
  case tg_op
    when 'INSERT' then perform count_change(array(select distinct group_id from fresh where pushed));
    else perform count_change(array(select distinct group_id from gone where pushed));
  end case;
  return null;
end $$;
create trigger pending_member_in after insert on pending_member referencing new table as fresh for each statement execute function pending_member_changed();
create trigger pending_member_out after delete on pending_member referencing old table as gone for each statement execute function pending_member_changed();
