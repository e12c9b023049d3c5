-- Where an IdP's id is an address, a letter is filed under its keyed hash; the id itself is sealed like all that the letter holds of a person.
alter table dead_letter
  add column sealed_key bytea,                      -- the id, where key is its hash
  add column record_id  uuid;                       -- then: whose account or group it is, where that is stored
create index dead_letter_record on dead_letter (record_id) where record_id is not null;
