-- Where users name their groups (user-based-membership): a group that is not known yet, by its SCIM id or its name. Joined when it appears.
create table pending_group (
  account_id uuid not null references account on delete cascade,
  ref        text not null,
  since      timestamptz not null default now(),
  primary key (account_id, ref)
);
create index pending_group_ref on pending_group (lower(ref));
