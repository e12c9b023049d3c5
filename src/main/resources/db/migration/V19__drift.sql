-- What push should have told and a pull found, by day: never told, told after the pull, or told otherwise.
create table drift (
  source    text not null,
  attribute text not null,
  kind      text not null check (kind in ('missed', 'late', 'contradicted')),
  day       date not null,
  n         bigint not null,
  last_at   timestamptz not null default now(),
  primary key (source, attribute, kind, day)
);
create index drift_day on drift (day);

create table push_missed (                         -- each until a push tells it after all, and is late
  subject    uuid not null,                        -- an account, or a group
  part       uuid not null,                        -- the group whose member he is; else the subject itself
  attribute  text not null,
  source     text not null,
  at         timestamptz not null default now(),
  primary key (subject, part, attribute)
);
create index push_missed_source on push_missed (source);
