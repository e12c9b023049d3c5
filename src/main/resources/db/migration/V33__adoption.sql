-- Adoption of what was made at Portkey by hand. A hand-made row becomes a grant of reason manual; whose it is and when to look at it again stands here.
create table manual_grant (
  person_id    uuid not null references person,
  workspace_id uuid not null references workspace,
  owner        text not null,                        -- who answers for it: who approved the adoption
  review_on    date not null,
  why          text not null,
  at           timestamptz not null default now(),
  primary key (person_id, workspace_id)
);

create table manual_role (                           -- an organisation role that was given by hand, and is more than the mapping gives
  person_id uuid primary key references person,
  role      text not null check (role in ('admin')),
  owner     text not null,
  review_on date not null,
  why       text not null,
  at        timestamptz not null default now()
);

alter table plan_line add column target bigint;      -- of an adoption: whom or what at Portkey it is about
