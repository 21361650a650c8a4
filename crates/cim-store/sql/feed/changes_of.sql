-- The same for the collections $2 alone, of which a step has not too many rows to list.
select xid::text as xid, collection, id
from cim.change
where (xid >= pg_snapshot_xmax($1::text::pg_snapshot)
       or xid = any (array(select pg_snapshot_xip($1::text::pg_snapshot))))
  and collection = any ($2)
