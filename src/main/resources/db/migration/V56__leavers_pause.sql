-- Portkey may ask to be left alone for long: whoever leaves is tried again sooner.
alter table target add column leavers_paused_until timestamptz;
