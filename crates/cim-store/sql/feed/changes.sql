-- The rows written by transactions that $1, the snapshot that a mirror has, did not see. One more row than the limit
-- means: too many to list. Two probes of the index on xid, however long some transaction stays open.
select xid::text as xid, collection, id
from cim.change
where xid >= pg_snapshot_xmax($1::text::pg_snapshot)
   or xid = any (array(select pg_snapshot_xip($1::text::pg_snapshot)))
limit 50001
