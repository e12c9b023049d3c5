-- A source's IdP comes with a bearer token, or with an access token that it got for a client secret (RFC 6749, 4.4).
alter table token
  add column kind   text not null default 'bearer' check (kind in ('bearer', 'client-secret', 'access')),
  add column parent uuid references token (id) on delete cascade,   -- the client secret that an access token was made with
  add constraint token_parent check ((kind = 'access') = (parent is not null)),
  add constraint token_access_ends check (kind <> 'access' or expires_at is not null);
create index token_of_secret on token (parent) where parent is not null;
create index token_access_end on token (expires_at) where kind = 'access';
