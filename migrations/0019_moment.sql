-- What is found of the log is of one moment: how far the log had come then is read with it, by whoever
-- reads statements.
grant select (agency_id, size) on checkpoints to notifier;
