-- A letter with its attempts, and how often somebody had it tried again.
alter table dead_letter
  add column leaver        boolean not null default false,  -- somebody's access is to end: tried sooner, never given up
  add column parked        int not null default 0,          -- newer generations that have come meanwhile; only the newest is tried
  add column replays       int not null default 0,          -- on an operator's word
  add column needs_human   boolean not null default false,  -- replayed too often: more only on an explicit word
  add column rests         boolean not null default false,  -- no try by the clock any more: a change or a person
  add column trying        boolean not null default false,  -- its attempt is counted: what comes of it is no other one
  add column tried_set     text,                            -- the active set by which it last got a try of its own
  add column assigned_to   text,
  add column snoozed_until timestamptz;
create index dead_letter_next on dead_letter (next_at) where status in ('open', 'retrying') and next_at is not null;

create table dead_letter_attempt (                          -- the last ten of a letter
  letter_id bigint not null references dead_letter on delete cascade,
  n         int not null,                                   -- the letter's count at that time
  at        timestamptz not null default now(),
  cause     text not null,
  status    int,                                            -- of the answer, where there was one
  code      text,
  said      text not null,                                  -- at most 500 characters, redacted
  origin    text not null,
  primary key (letter_id, n)
);

create table replay_job (                                   -- letters to be tried again, a stretch at a time; any bridge goes on with it
  id           bigint generated always as identity primary key,
  mode         text not null check (mode in ('converge', 're-read', 'original')),
  ids          bigint[],                                    -- which letters: what is null asks for nothing
  fingerprint  text,
  source       text,
  cause        text,
  resource     text,
  q            text,
  older_than   interval,
  rate         int,                                         -- letters a second; null: as fast as it goes
  forced       boolean not null default false,              -- also those that need a person
  actor        text not null,
  set_hash     text not null,
  status       text not null default 'running' check (status in ('running', 'stopped', 'done')),
  last_id      bigint not null,                             -- no letter after this one: what opens meanwhile is another matter
  at_id        bigint not null default 0,                   -- how far it has come
  total        bigint not null,                             -- counted before
  done         bigint not null default 0,
  closed       bigint not null default 0,
  skipped      bigint not null default 0,                   -- need a person, or closed meanwhile
  said         text[] not null default '{}',                -- what an operator is to know, the last twenty
  created_at   timestamptz not null default now(),
  ended_at     timestamptz,
  ended_by     text,
  lease_owner  text,
  lease_until  timestamptz
);
create index replay_job_running on replay_job (id) where status = 'running';

-- How much of a source fails: events and failures by minute, and what follows.
create table source_rate (
  source text not null,
  minute timestamptz not null,
  events bigint not null,
  failed bigint not null,
  primary key (source, minute)
);
alter table source_state
  add column quarantined_at  timestamptz,
  add column quarantine_why  text,
  add column rated_since     timestamptz;                   -- events before this do not count: somebody has looked
