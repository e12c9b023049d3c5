-- An operator's word on one field of one account, in place of what the mapping makes of it, for a time. What was pulled and pushed is never edited.
create table field_override (
  id         bigint generated always as identity primary key,
  account_id uuid not null,
  source     text not null,
  field      text not null check (field in ('userName', 'email', 'displayName', 'roles')),
  value      text not null,
  reason     text not null,
  until      timestamptz not null,
  actor      text not null,
  created_at timestamptz not null default now(),
  ended_at   timestamptz,
  ended_by   text,
  ended_why  text
);
create unique index field_override_field on field_override (account_id, field) where ended_at is null;
