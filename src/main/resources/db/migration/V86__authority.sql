-- Whose an inactive account of a source of `authority` is, is asked by its person key; and by its address, for a letter.
create index account_person_key on account (person_key) where person_key is not null and gone_at is null;

-- Those that earlier versions left aside are looked at once.
insert into due (account_id, source, cause)
  select a.id, a.source, 'authority' from account a where a.gone_at is null and a.standing = 'LEFT' and not exists (select 1 from link l where l.account_id = a.id)
  on conflict do nothing;
