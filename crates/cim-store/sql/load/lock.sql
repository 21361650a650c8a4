-- Takes the place of the one load that may run, until the transaction ends. It waits a moment, because the connection of
-- a load that was given up just now may not have ended yet.
set local lock_timeout = '1s';
select pg_advisory_xact_lock(4490, 2);
