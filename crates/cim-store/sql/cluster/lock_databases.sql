-- Waits until no other process prepares databases; held until the connection ends.
select pg_advisory_lock(4490, 3)
