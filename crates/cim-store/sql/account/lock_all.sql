-- Lets nobody else add the first accounts, until the transaction ends.
select pg_advisory_xact_lock(4490, 7)
