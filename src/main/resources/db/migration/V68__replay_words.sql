-- What letters a replay looks for, as it was said: as a pattern, with its underscores escaped, an address in it was not found when somebody was forgotten.
update replay_job set q = regexp_replace(substr(q, 2, length(q) - 2), '\\(.)', '\1', 'g') where q is not null;
