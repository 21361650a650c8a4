-- Takes the place of the one load that may run, until the transaction ends; false when it is taken.
select pg_try_advisory_xact_lock(4490, 2)
