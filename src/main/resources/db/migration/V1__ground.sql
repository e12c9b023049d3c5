-- One PostgreSQL, three layers: directory (facts), membership (deeds), work. Times are the database's (DESIGN section 5).

-- files ------------------------------------------------------------------------------------------------------------
create table active_set (
  seq          bigint generated always as identity primary key,
  hash         text not null,
  contents     jsonb not null,                 -- {"mappings/okta.yaml": "text", ...}
  activated_at timestamptz not null default now(),
  activated_by text not null
);

-- sources ----------------------------------------------------------------------------------------------------------
create table source_state (
  source        text primary key,
  paused        boolean not null default false,
  released_at   timestamptz,
  fields        text[],                        -- what the last complete pull kept of each record
  evaluated     text,                          -- the hash of the mapping that all stored accounts and groups were last read with
  ruled         text,                          -- the hash of what portkey.yaml said of it when everybody was last looked at
  lease_owner   text,                          -- which bridge reads it now
  lease_until   timestamptz,
  full_wanted   boolean not null default false,-- a full run was asked for while the lease was taken
  last_success  timestamptz,
  last_complete timestamptz,
  pulled_before boolean not null default false
);

create table cursor (
  source    text not null,
  resource  text not null,
  read_hash text not null,                     -- of the source file's read section: an edited reading starts anew
  value     text not null,
  at        timestamptz not null default now(),
  primary key (source, resource)
);

-- directory: what each IdP says ------------------------------------------------------------------------------------
create table account (
  id            uuid primary key,              -- the SCIM id
  source        text not null,
  external_id   text,                          -- the anchor: the pulled record's id, or the pushed externalId
  user_name     text,                          -- as SCIM shows it: pushed, else mapped
  mapped_name   text,                          -- as the mapping gives it: the person's
  email         text,
  display_name  text,
  active        boolean,
  roles         text[] not null default '{}',
  person_key    text,
  standing      text not null,                 -- model.Standing
  out_of_scope  text not null default 'LEFT',  -- what IN_IF_PLACED becomes without a place
  places        text[] not null default '{}',  -- of attribute rules: workspace, role, rule, workspace, role, rule, ...
  problem       text,                          -- why the last record could not be read
  pulled        jsonb,                         -- the variables that expressions name
  pulled_hash   bytea,
  pulled_at     timestamptz,                   -- when its page was asked for
  pushed        jsonb,                         -- the SCIM resource as it stands after the last push
  pushed_at     timestamptz,
  roles_form    text,                          -- how the client wrote roles, to answer alike
  missing_since timestamptz,                   -- absent from a complete snapshot: a candidate
  missing_run   uuid,
  gone_at       timestamptz,                   -- explicitly deleted, or proved gone: the tombstone
  reread_at     timestamptz,                   -- fenced: to be read again after the lag
  version       bigint not null default 1,
  created_at    timestamptz not null default now(),
  changed_at    timestamptz not null default now()
);
create unique index account_anchor on account (source, external_id) where external_id is not null and gone_at is null;
create index account_external on account (source, external_id);  -- with the tombstones
create unique index account_user_name on account (source, lower(user_name)) where gone_at is null and pushed is not null;
create index account_any_user_name on account (source, lower(user_name));
create index account_unanchored on account (source, lower(user_name)) where external_id is null and gone_at is null;
create index account_email on account (source, lower(email));
create index account_order on account (source, created_at, id);
create index account_reread on account (reread_at) where reread_at is not null;

create table directory_group (
  id             uuid primary key,             -- the SCIM id
  source         text not null,
  external_id    text,
  display_name   text,
  kept           boolean not null default true,
  places         text[] not null default '{}', -- workspace, role, rule, workspace, ...
  moved_from     text,                         -- the folded workspace it gave before a rename that is not yet done
  problem        text,
  pulled         jsonb,
  pulled_hash    bytea,
  pulled_members bytea,                        -- digest of the pulled member ids, in any order
  pulled_at      timestamptz,
  pushed         jsonb,
  pushed_at      timestamptz,
  missing_since  timestamptz,
  missing_run    uuid,
  gone_at        timestamptz,
  lingers        boolean not null default false, -- gone, and the mapping keeps what it gave (group-missing: keep)
  version        bigint not null default 1,
  created_at     timestamptz not null default now(),
  changed_at     timestamptz not null default now()
);
create unique index group_anchor on directory_group (source, external_id) where external_id is not null and gone_at is null;
create index group_external on directory_group (source, external_id);
create unique index group_name on directory_group (source, lower(display_name)) where gone_at is null and pushed is not null;
create index group_unanchored on directory_group (source, display_name) where external_id is null and gone_at is null;
create index group_any_name on directory_group (source, lower(display_name));
create index group_order on directory_group (source, created_at, id);
create index group_moved on directory_group (source) where moved_from is not null;

create table group_member (
  group_id   uuid not null references directory_group,
  account_id uuid not null references account,
  pushed_at  timestamptz,                      -- last pushed in; a pull older than this (plus lag) does not take it out
  removed_at timestamptz,                      -- pushed out: the row stays, so that an older page cannot bring it back
  primary key (group_id, account_id)
);
create index group_member_account on group_member (account_id) where removed_at is null;
create index group_member_pushed on group_member (group_id) where pushed_at is not null or removed_at is not null; -- not settled by a page yet

create table pending_member (                  -- a member who is not known yet: joined when the person appears
  group_id  uuid not null references directory_group,
  ref       text not null,                     -- an IdP's id (pulled) or a SCIM id (pushed)
  pushed    boolean not null,
  since     timestamptz not null default now(),
  primary key (group_id, ref)
);
create index pending_member_ref on pending_member (ref);

-- membership: deeds ------------------------------------------------------------------------------------------------
create table person (
  id           uuid primary key,
  email        text not null,
  email_folded text not null,
  user_name    text not null,
  display_name text not null,
  org_role     text not null default 'member' check (org_role in ('member', 'admin', 'owner')),
  person_key   text,
  status       text not null check (status in ('active', 'archived')),
  owner        text not null default 'managed' check (owner in ('managed', 'adopted', 'manual', 'protected')),
  freed        boolean not null default false, -- archived, and its e-mail was given to somebody new
  version      bigint not null default 1,
  created_at   timestamptz not null default now(),
  changed_at   timestamptz not null default now(),
  archived_at  timestamptz
);
create unique index person_email on person (email_folded) where not freed;
create index person_key on person (person_key) where person_key is not null;
create index person_order on person (created_at, id);

create table link (                            -- which accounts are one person
  account_id uuid primary key references account,
  person_id  uuid not null references person,
  source     text not null,
  linked_by  text not null,                    -- email | person | <actor>
  at         timestamptz not null default now()
);
create index link_person on link (person_id);
create index link_source on link (source);

create table workspace (
  id          uuid primary key,
  name        text not null,
  name_folded text not null,
  status      text not null default 'active' check (status in ('active', 'archived')),
  owner       text not null default 'managed' check (owner in ('managed', 'adopted', 'manual', 'protected')),
  source      text,                            -- who made it
  version     bigint not null default 1,
  created_at  timestamptz not null default now(),
  changed_at  timestamptz not null default now()
);
create unique index workspace_name on workspace (name_folded) where status = 'active';

create table membership (                      -- the effective role, folded over grants
  person_id    uuid not null references person,
  workspace_id uuid not null references workspace,
  role         text not null check (role in ('member', 'manager', 'admin')),
  owner        text not null default 'managed' check (owner in ('managed', 'adopted', 'manual', 'protected')),
  since        timestamptz not null default now(),
  primary key (person_id, workspace_id)
);
create index membership_workspace on membership (workspace_id, person_id);

create table grants (                          -- each reason for a role
  person_id    uuid not null references person,
  workspace_id uuid not null references workspace,
  source       text not null,                  -- 'manual' for rows made by hand
  reason       text not null,                  -- group:<id> | rule:<file:line> | manual
  role         text not null check (role in ('member', 'manager', 'admin')),
  rule         text not null,                  -- file:line
  at           timestamptz not null default now(),
  primary key (person_id, workspace_id, source, reason)
);
create index grants_reason on grants (reason);
create index grants_workspace on grants (workspace_id);

-- work -------------------------------------------------------------------------------------------------------------
create table due (                             -- accounts whose wishes may differ from deeds; cleared with the deeds that answer them
  account_id uuid primary key references account,
  source     text not null,
  cause      text not null,                    -- run:<id> | push:<request> | files:<hash> | time | approve | link
  waits      text,                             -- why nothing may be taken away before a person has looked: an edited file, a released source
  at         timestamptz not null default now()
);
create index due_source on due (source, account_id);

create table run (
  id        uuid primary key,
  source    text not null,
  complete  boolean not null,                  -- a snapshot was wanted, not a delta
  status    text not null check (status in ('reading', 'applying', 'done', 'failed', 'held', 'skipped')),
  actor     text not null,
  bridge    text not null,
  set_hash  text not null,
  started_at timestamptz not null default now(),
  ended_at  timestamptz,
  beat_at   timestamptz not null default now(),
  pages     int not null default 0,
  seen      jsonb not null default '{}',       -- {"users": 200, "groups": 12}
  changed   int not null default 0,            -- records that differ from the last run
  applied   jsonb not null default '{}',       -- lines by class
  held      int not null default 0,
  letters   int not null default 0,
  message   text                               -- why it failed, or what it left
);
create index run_source on run (source, started_at desc);

create unlogged table run_page (               -- how far a run has read: where a broken-off pull goes on
  run_id      uuid not null,
  resource    text not null,
  scope       text not null default '',        -- the group whose members these are
  page        int not null,
  next        text,                            -- null: the last page
  seen        bytea not null,                  -- 8-byte hashes of the ids on it
  asked_at    timestamptz not null,
  primary key (run_id, resource, scope, page)
);

create unlogged table stage_record (
  run_id      uuid not null,
  resource    text not null,
  id          text not null,
  state       text not null,                   -- seen | gone (deleted, or a point read says so) | missing (absent from a snapshot)
  variables   jsonb,
  hash        bytea,
  members     bytea,                           -- digest of a group's members
  asked_at    timestamptz not null,
  primary key (run_id, resource, id)
);

create unlogged table stage_member (
  run_id   uuid not null,
  group_id text not null,
  member   text not null,
  removed  boolean not null default false,
  asked_at timestamptz not null,
  primary key (run_id, member, group_id)      -- by member, so that one person's groups come in one chunk
);

create table tally (                           -- what the guard counts in a rolling 24 hours
  source  text not null,
  class   text not null,
  subject text not null default '',            -- a workspace's id for workspace-shrinks
  at      timestamptz not null default now(),
  n       int not null
);
create index tally_window on tally (source, class, subject, at);

create table plan (
  id         bigint generated always as identity primary key,
  source     text not null,
  cause      text not null,                    -- run:<id> | push | files:<hash> | release
  status     text not null default 'held' check (status in ('held', 'approved', 'rejected', 'closed', 'expired')),
  reasons    text[] not null default '{}',     -- archive: 60 of 100 in 24 hours, at most 5
  set_hash   text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  decided_at timestamptz,
  decided_by text,
  decision   text
);
create index plan_open on plan (source) where status = 'held';

create table plan_line (
  plan_id      bigint not null references plan,
  n            int not null,
  account_id   uuid,                           -- the lowest of the person's: he may not exist yet
  person_id    uuid,
  workspace    text,
  class        text not null,
  sentence     text not null,
  reason       text not null,
  facts        bytea not null,                 -- hash of the wish it follows from: a rejection lasts until it changes
  status       text not null default 'held' check (status in ('held', 'approved', 'applied', 'rejected', 'stale')),
  at           timestamptz not null default now(),
  primary key (plan_id, n)
);
create index plan_line_subject on plan_line (person_id) where status in ('held', 'approved', 'rejected');
create index plan_line_account on plan_line (account_id);

create table outbox (                          -- keys that may differ at Portkey; target store writes none
  kind       text not null check (kind in ('person', 'workspace')),
  key        uuid not null,
  generation bigint not null default 1,
  leaver     boolean not null default false,
  due_at     timestamptz not null default now(),
  leased_by  text,
  lease_until timestamptz,
  primary key (kind, key)
);
create index outbox_due on outbox (leaver desc, due_at);

create table dead_letter (
  id          bigint generated always as identity primary key,
  source      text not null,
  resource    text not null,                   -- user | group | link | exchange
  key         text not null,
  generation  bigint not null,                 -- the wanted state it belongs to
  cause       text not null,                   -- model.Cause
  step        text not null,
  sentence    text not null,
  fingerprint text not null,
  record      jsonb,                           -- what was mapped, redacted
  unknown     text[] not null default '{}',    -- names of fields that were not kept
  attempts    int not null default 1,
  status      text not null default 'open' check (status in ('open', 'retrying', 'resolved', 'superseded', 'discarded', 'expired')),
  why         text,                            -- why it was closed
  origin      text not null,                   -- run:<id> | push:<request> | files:<hash>
  set_hash    text not null,
  first_at    timestamptz not null default now(),
  last_at     timestamptz not null default now(),
  next_at     timestamptz,
  closed_at   timestamptz
);
create unique index dead_letter_open on dead_letter (source, resource, key) where status in ('open', 'retrying');
create index dead_letter_fingerprint on dead_letter (fingerprint) where status in ('open', 'retrying');

create table token (
  id         uuid primary key,
  source     text not null,
  hash       bytea not null unique,            -- SHA-256 of the token
  label      text not null default '',
  created_at timestamptz not null default now(),
  created_by text not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used  timestamptz
);
create index token_source on token (source);

create table audit (
  id           bigint generated always as identity primary key,
  at           timestamptz not null default now(),
  actor        text not null,                  -- source:okta | operator | system
  via          text not null check (via in ('push', 'pull', 'replay', 'approve', 'files', 'time', 'operator')),
  source       text,
  origin       text,                           -- run:<id> | push:<request> | plan:<id>
  person_id    uuid,
  workspace_id uuid,
  set_hash     text not null,
  changes      text[] not null
);
create index audit_person on audit (person_id, at) where person_id is not null;
create index audit_at on audit (at);

create table request_log (
  id          uuid primary key,
  at          timestamptz not null default now(),
  source      text not null,
  method      text not null,
  path        text not null,
  meaning     text not null,
  resource_id text,
  status      int not null,
  millis      int not null,
  repairs     text[] not null default '{}',
  body        jsonb,
  client      text
);
create index request_log_source on request_log (source, at desc);
create index request_log_at on request_log (at);
