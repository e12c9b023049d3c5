-- When so much fails at Portkey that only leavers go on, and since when it is counted.
alter table target
  add column quarantined_at timestamptz,
  add column quarantine_why text,
  add column rated_since    timestamptz,              -- what failed before this does not count: somebody has looked, or a trial went well
  add column trial_at       timestamptz;              -- when some keys are tried next
