-- The whole reading of a live Portkey, and what differs there. Only a complete reading is brought into target_*: until then its pages lie here.
alter table target
  add column reading        uuid,                    -- the reading that goes on
  add column read_failed_at timestamptz,             -- when the last one failed, where none has ended well since
  add column read_why       text,
  add column read_wanted    boolean not null default false, -- asked for while another went on
  add column compared_at    timestamptz,
  add column matching       bigint not null default 0,      -- people of ours in whom nothing differed then
  add column adopted_at     timestamptz;             -- when an operator last decided on an adoption

-- shown_at: when the last reading that showed it began. Equal to asked_at, what stands there was read; else it was written, and is only believed.
alter table target_person
  add column shown_at       timestamptz,
  add column twice          boolean not null default false, -- several users of this address: nobody knows which is ours
  add column invite_expired text,                    -- the invite that expired and was sent again
  add column invite_held    boolean not null default false; -- cancelled by hand, or expired again: no other goes out until an operator says so
alter table target_workspace add column shown_at timestamptz;
alter table target_member add column shown_at timestamptz;
alter table target_group add column shown_at timestamptz;
create index target_person_owned on target_person (owner, id);

create table target_gone (                           -- what the bridge took away, until a reading that began after the lag has not shown it any more
  email_folded text not null,
  workspace    bigint not null default 0,            -- 0: the person himself
  owner        text not null,
  person_id    uuid,
  at           timestamptz not null,
  primary key (email_folded, workspace)
);

create unlogged table stage_target_user (
  user_id text primary key, email text not null, folded text not null, name text, role text not null, active boolean not null
);
create index stage_target_user_folded on stage_target_user (folded);
create unlogged table stage_target_invite (
  invite_id text primary key, email text not null, folded text not null, role text not null, status text not null, carries text[] not null default '{}' -- the place's key, role, ...
);
create index stage_target_invite_folded on stage_target_invite (folded);
create unlogged table stage_target_workspace (
  key text primary key, uuid text, slug text, name text not null, folded text not null, shared boolean not null, active boolean not null
);
create unlogged table stage_target_member (
  key text not null, who text not null, user_id text, folded text, role text not null, primary key (key, who) -- who: the user's id, else the folded address
);
create unlogged table stage_target_group (
  group_id text primary key, name text not null, key text, role text
);

create table target_drift (                          -- what differs between what should be at Portkey and what is, since the last comparison
  key_kind text not null check (key_kind in ('person', 'workspace')),
  key      uuid not null,
  part     text not null,                            -- of this key: what it is about
  kind     text not null check (kind in ('missing', 'extra', 'different', 'waits')),
  sentence text not null,
  adopts   boolean not null default false,           -- only once he is adopted
  pending  boolean not null default false,           -- the key waits in the outbox
  mails    boolean not null default false,           -- an invite goes out
  joins    int not null default 0,                   -- workspaces that he joins: each may mint an API key
  leaves   int not null default 0,                   -- workspaces that he leaves: his keys there end
  leaver   boolean not null default false,
  rounds   int not null default 1,                   -- readings that have shown it since it was to be put right
  first_at timestamptz not null default now(),
  last_at  timestamptz not null default now(),
  primary key (key_kind, key, part)
);
create index target_drift_kind on target_drift (kind, sentence);
