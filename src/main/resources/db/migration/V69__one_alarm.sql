-- When it let the bridge in again, and what had stopped it: the same again soon after is no new alarm.
alter table target add column resumed_at timestamptz, add column resumed_why text;
