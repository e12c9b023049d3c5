-- The addresses of who was pushed, folded, so that emails.value eq is a look and not a scan. A column of its own: an index over the resource
-- itself would get a new entry with each push, this one only where an address changes. One that is too long for an index is left out.
create function scim_addresses(pushed jsonb) returns text[] language sql immutable strict parallel safe as
  $$ select array_agg(distinct lower(v #>> '{}')) from jsonb_path_query(pushed, '$.emails[*].value') as v where octet_length(v #>> '{}') <= 1000 $$;
alter table account add column addresses text[] generated always as (scim_addresses(pushed)) stored;
create index account_addresses on account using gin (addresses) with (fastupdate = off) where addresses is not null;
