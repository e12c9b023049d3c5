alter table run add column budget jsonb not null default '{}'; -- {"/users": {"limit": 600, "left": 512}}: the source's rate buckets, by path of the source file, as the last answers told them
