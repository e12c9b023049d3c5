-- Computed for every push, and most people have one address: that one is taken out by itself. In a language that is not taken apart anew for every
-- statement, as SQL is, to see whether it could be put in place of the call.
create or replace function scim_addresses(pushed jsonb) returns text[] language plpgsql immutable strict parallel safe as $$
declare
  emails jsonb := pushed -> 'emails';
  one text;
begin
  if emails is null and jsonb_typeof(pushed) = 'object' then
    return null;
  end if;
  if jsonb_typeof(emails) = 'array' then
    if jsonb_array_length(emails) = 1 and jsonb_typeof(emails -> 0) = 'object' then
      one := emails #>> '{0,value}';
      return case when octet_length(one) <= 1000 then array[lower(one)] end;
    end if;
  end if;
  return (select array_agg(distinct lower(v #>> '{}')) from jsonb_path_query(pushed, '$.emails[*].value') as v where octet_length(v #>> '{}') <= 1000);
end $$;
