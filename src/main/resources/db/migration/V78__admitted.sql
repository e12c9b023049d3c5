-- Whether the mapping has let the account's person in, and no operator has let that go since. Out of scope, such an account holds back whoever leaves elsewhere; of those there are already, nobody knows better.
alter table account add column admitted boolean not null default true;
