-- The rows written by transactions that $1, the snapshot that a mirror has, did not see. One more row than the limit
-- means: too many to list. Two probes of the index on xid, however long some transaction stays open; the order within
-- each part keeps the planner on that index when it knows nothing of the table, as after many changes at once.
(select xid::text as xid, collection, id
 from cim.change
 where xid >= pg_snapshot_xmax($1::text::pg_snapshot)
 order by change.xid
 limit 50001)
union all
(select xid::text as xid, collection, id
 from cim.change
 where xid = any (array(select pg_snapshot_xip($1::text::pg_snapshot)))
 order by change.xid
 limit 50001)
limit 50001
