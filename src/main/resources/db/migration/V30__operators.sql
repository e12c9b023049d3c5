-- People and programs of the admin API besides the holder of the admin token, each by his own name.
create table operator (
  id         uuid primary key,
  name       text not null,
  roles      text[] not null check (cardinality(roles) > 0 and roles <@ array['viewer', 'operator', 'approver']),
  hash       bytea not null unique,                -- SHA-256 of the token
  created_at timestamptz not null default now(),
  created_by text not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used  timestamptz
);
create unique index operator_name on operator (name) where revoked_at is null; -- two tokens of one name would be two people of one name

-- Why an operator takes this one reading for true although it lost most of what was there before.
alter table run add column accepted text;

-- How often a source's pushes told something, by day: what push reliability is measured against.
create table push_told (
  source text not null,
  day    date not null,
  n      bigint not null,
  primary key (source, day)
);
