-- One writer of boundaries at a time, until its transaction ends.
select pg_advisory_xact_lock(4490, 5)
