-- Lets writers that tie things to units finish, and keeps others out until the new revision is there.
select pg_advisory_xact_lock(4490, 4)
