-- What leaves the bridge (DESIGN section 1: the outbox names keys, not messages) --------------------------------------
create sequence outbox_generation;                 -- one for all keys: a key that comes back never has an old number
alter table outbox
  alter column generation set default nextval('outbox_generation'),
  add column since           timestamptz not null default now(), -- when it began to wait: of a leaver, when he left
  add column attempts        int not null default 0,             -- failed tries of this generation
  add column first_failed_at timestamptz,
  add column blocked         boolean not null default false,     -- its letter is open, and nothing has changed since
  add column doubt           boolean not null default false;     -- a write was begun whose end nobody knows: Portkey is asked first
drop index outbox_due;
create index outbox_due on outbox (due_at) where not leaver;
create index outbox_leavers on outbox (due_at) where leaver;

create table target (                              -- the Portkey that everything is published to; one row
  id            int primary key default 1 check (id = 1),
  kind          text not null,                     -- portkey-admin-api | portkey-scim
  address       text not null,                     -- its base URL: another one is another Portkey, and begins anew
  mode          text not null default 'observe' check (mode in ('observe', 'apply')),
  mode_by       text,
  mode_at       timestamptz not null default now(),
  mode_why      text,
  stopped_at    timestamptz,                       -- it lets us in no more: nothing is sent, one alarm
  stopped_why   text,
  probe_at      timestamptz,
  failures      int not null default 0,            -- the circuit breaker: failures in a row
  failed_at     timestamptz,                       -- the last of them
  open_until    timestamptz,                       -- nothing is sent before that, but one call that tries
  paused_until  timestamptz,                       -- it asked to be left alone (429)
  calls_left    double precision not null default 0, -- the shared budget of calls
  calls_at      timestamptz not null default now(),
  read_at       timestamptz,                       -- when the last whole reading began
  reading_until timestamptz,                       -- one bridge reads at a time
  database      text not null                      -- the server that wrote this row: after a restore elsewhere it differs
);

create table target_person (                       -- who is at Portkey, by e-mail (its key of a person)
  id             bigint generated always as identity primary key,
  email          text not null,
  email_folded   text not null unique,
  user_id        text unique,                      -- its id there; none while he is only invited
  invite_id      text,
  invite_status  text check (invite_status in ('pending', 'accepted', 'cancelled', 'expired')),
  invite_carries text[] not null default '{}',     -- the workspaces and roles that the invite gives: workspace, role, ...
  name           text,
  org_role       text,
  active         boolean not null default true,
  person_id      uuid unique references person,    -- whom of ours he is
  owner          text not null default 'unmanaged' check (owner in ('unmanaged', 'managed', 'adopted', 'manual', 'protected')),
  asked_at       timestamptz not null,             -- when Portkey was asked for this, or told it
  absent_at      timestamptz                       -- a reading did not show him any more
);

create table target_workspace (
  id           bigint generated always as identity primary key,
  uuid         text unique,                        -- Portkey's id; none where only group names say that it is there
  slug         text,
  name         text not null,                      -- without its icon
  name_folded  text not null,
  shared       boolean not null default false,     -- the default workspace, which is never touched
  active       boolean not null default true,
  workspace_id uuid unique references workspace,   -- which of ours it is
  owner        text not null default 'unmanaged' check (owner in ('unmanaged', 'managed', 'adopted', 'manual', 'protected')),
  asked_at     timestamptz not null,
  absent_at    timestamptz
);
create index target_workspace_name on target_workspace (name_folded);

create table target_member (
  person    bigint not null references target_person on delete cascade,
  workspace bigint not null references target_workspace on delete cascade,
  role      text check (role in ('member', 'manager', 'admin')), -- none: to be written, and not known yet
  owner     text not null default 'unmanaged' check (owner in ('unmanaged', 'managed', 'adopted', 'manual', 'protected')),
  asked_at  timestamptz not null,
  primary key (person, workspace)
);
create index target_member_workspace on target_member (workspace);

create table target_group (                        -- the groups by which Portkey's SCIM gives workspaces
  group_id  text primary key,
  name      text not null,
  workspace bigint references target_workspace on delete cascade, -- none where the name does not fit the pattern
  role      text check (role in ('member', 'manager', 'admin')),
  owner     text not null default 'unmanaged' check (owner in ('unmanaged', 'managed', 'adopted', 'manual', 'protected')),
  asked_at  timestamptz not null,
  absent_at timestamptz
);
create index target_group_workspace on target_group (workspace, role);

create table target_finding (                      -- what a target cannot express or the bridge does not own: said once, with what to do
  id        bigint generated always as identity primary key,
  kind      text not null,                         -- unpublishable | unmanaged | ambiguous | missing | lost
  subject   text not null,                         -- what it is about, by ids
  sentence  text not null,
  todo      text not null,
  first_at  timestamptz not null default now(),
  last_at   timestamptz not null default now(),
  closed_at timestamptz
);
create unique index target_finding_open on target_finding (kind, subject) where closed_at is null;
