-- Forgets changes of transactions that are yet to come: remains of a crash or a restore, whose numbers will be given out again.
delete from cim.change where xid >= pg_snapshot_xmax(pg_current_snapshot())
