-- Letters on their way to where operators look: each is in one of these, and each of these is told at least once.
alter table dead_letter add column raised_at timestamptz;   -- when it was put into one
update dead_letter set raised_at = first_at;
create index dead_letter_unraised on dead_letter (id) where raised_at is null;

create table letter_raise (
  id          bigint generated always as identity primary key,
  digest      text not null,                  -- SHA-256 of source and fingerprint
  letters     int not null,
  ids         bigint[] not null,              -- the first of them
  due_at      timestamptz not null,
  tried       int not null default 0,         -- until the first try it takes more letters of its cause
  lease_until timestamptz,
  sent_at     timestamptz
);
create unique index letter_raise_gathering on letter_raise (digest) where tried = 0;
create index letter_raise_due on letter_raise (due_at) where sent_at is null;
create index letter_raise_digest on letter_raise (digest, due_at);
