-- What dead letters hold of people is encrypted with a key for each subject, which can be destroyed.
create table bridge_key (                          -- one row: the key that all others are derived from or wrapped with
  id    int primary key default 1 check (id = 1),
  salt  bytea not null,
  key   bytea not null,                            -- sealed with a key made of BRIDGE_SECRET and the salt
  bare  boolean not null,                          -- there was no BRIDGE_SECRET: the key itself
  since timestamptz not null default now()
);

create table person_cipher (
  subject      bytea primary key,                  -- keyed hash of source, resource and key
  key          bytea,                              -- wrapped; null: destroyed
  made_at      timestamptz not null default now(),
  forgotten_at timestamptz
);

alter table dead_letter
  add column subject         bytea,                -- whose key opens it
  add column sealed_sentence bytea,                -- the sentence with its names
  add column sealed_record   bytea,                -- what was mapped, as redacted JSON
  add column names           bytea[] not null default '{}';  -- keyed hashes of e-mails and user names it is about
-- Letters of earlier versions lose what cannot be encrypted from here: a replay reads the facts, not the letter.
update dead_letter set sentence = regexp_replace(sentence, '[^[:space:]''"()]*@[^[:space:]''"()]*', '...', 'g'), fingerprint = regexp_replace(fingerprint, '[^[:space:]''"()|]*@[^[:space:]''"()|]*', '...', 'g');
alter table dead_letter drop column record;
create index dead_letter_names on dead_letter using gin (names);
create index dead_letter_subject on dead_letter (subject);
