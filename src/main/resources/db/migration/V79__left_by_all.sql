-- Who left a workspace within 24 hours is counted over all sources: the looks go by its name alone.
create index tally_left on tally (subject, at) where class = 'leave';
