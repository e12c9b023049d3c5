-- Groups that have a row in a joined read (an app role assigned to them) and are not found themselves: since when, and the run that first did not find them. Found again, they are no longer here.
create table vanished_group (
  source   text not null,
  resource text not null,
  id       text not null,
  since    timestamptz not null default now(),
  run_id   uuid not null,
  primary key (source, resource, id)
);
