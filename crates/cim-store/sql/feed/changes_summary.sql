-- The same for a step with too many rows to list: the transactions and the collections that they wrote.
select xid::text as xid, collection
from cim.change
where xid >= pg_snapshot_xmax($1::text::pg_snapshot)
   or xid = any (array(select pg_snapshot_xip($1::text::pg_snapshot)))
group by 1, 2
