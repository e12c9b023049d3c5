-- The word of an operator on one person, which no source overrules.
alter table person
  add column revoked_at  timestamptz,              -- stays archived from then on, whatever a source says, until it is lifted
  add column revoked_by  text,
  add column revoked_why text;
create index person_revoked on person (id) where revoked_at is not null;

create table unlinked (                            -- an account that is not this person's: linking passes him over
  account_id uuid not null,
  person_id  uuid not null,
  by         text not null,
  at         timestamptz not null default now(),
  primary key (account_id, person_id)
);

-- When a membership last went, to know one that comes and goes.
create table left_membership (
  person_id    uuid not null,
  workspace_id uuid not null,
  at           timestamptz not null default now(),
  times        int not null default 1,             -- since it last had been quiet for 24 hours
  primary key (person_id, workspace_id)
);
create index left_membership_at on left_membership (at);

-- What a second person has to say yes to as well, and what was there before a line was done.
alter table plan_line
  add column first_by     text,                    -- who approved it, where two have to
  add column first_at     timestamptz,
  add column was_role     text,                    -- the role before: of the workspace it is about, else of the organisation
  add column was_grants   text[],                  -- the reasons before: source, reason, role, rule, source, ...
  add column undone_by    text,
  add column undone_at    timestamptz;

-- What a workspace was called when somebody was in it.
create index audit_workspace on audit (workspace_id) where workspace_id is not null;
