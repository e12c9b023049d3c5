-- What other accounts of the person said of the fields that this change gave or changed, and why it did not hold: of each field, value, source and reason, one after the other. Null where nobody said otherwise.
alter table audit add column lost text[];
