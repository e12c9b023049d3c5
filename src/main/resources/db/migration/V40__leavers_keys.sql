-- Users of the bridge's who are not at Portkey any more, until it holds no API key of theirs. Which keys there are is asked of Portkey, and stands nowhere here.
create table target_left (
  user_id    text primary key,                       -- as Portkey knew him
  person_id  uuid,                                   -- whom of ours he was
  places     text[] not null default '{}',           -- the workspaces he was in, by slug, else by Portkey's id
  left_at    timestamptz not null default now(),
  checked_at timestamptz,
  held       int                                     -- keys that Portkey held for him then
);
create index target_left_person on target_left (person_id);
