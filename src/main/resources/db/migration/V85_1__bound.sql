-- An operator has said which of ours this workspace at Portkey is: what it is called there does not matter then.
alter table target_workspace add column bound boolean not null default false;
