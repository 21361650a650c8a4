-- Waits until no other process brings the schema up to date; held until the connection ends.
select pg_advisory_lock(4490, 1)
