-- A row of it lives for one transaction, most often, and whoever asks by source takes all of them in another order anyway.
drop index due_source;
