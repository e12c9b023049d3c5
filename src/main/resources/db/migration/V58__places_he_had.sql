-- The workspaces that a user at Portkey was in and is not any more, while he is there: once he has left, his keys are looked for in these as well. No name stands here.
create table target_had (
  user_id text not null,                             -- as Portkey knows him
  place   text not null,                             -- the workspace, by slug, else by Portkey's id
  left_at timestamptz not null default now(),
  primary key (user_id, place)
);
