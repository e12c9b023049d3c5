-- Since when it is this Portkey that is published to: what an operator has decided before was about another one.
alter table target add column met_at timestamptz;
