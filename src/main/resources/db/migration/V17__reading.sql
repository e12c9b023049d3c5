-- How a source was read when a run last ended well (its file's reading section and its settings). Whoever was first missed after
-- reading_after and until reading_since is absent perhaps because that was edited.
alter table source_state
  add column reading       text,
  add column reading_after timestamptz,
  add column reading_since timestamptz;
-- How this run reads; and as it reads groups in groups, one group's list as the IdP wrote it.
alter table run add column reading text;
alter table run_page
  add column people text[],
  add column groups text[];
-- A full run was asked for while somebody else read the source: it follows as soon as that ends.
alter table source_state add column full_asked boolean not null default false;
