-- When what was held of somebody was destroyed: a pseudonym stands in the place of his names, also in the audit.
alter table person add column forgotten_at timestamptz;
