-- The same for a step with too many rows to list: the transactions, the collections that they wrote, and how many rows of
-- each; none where a statement wrote so many that it did not list them.
select xid::text as xid, collection, case when bool_and(id is not null) then count(*) end as row_count
from cim.change
where xid >= pg_snapshot_xmax($1::text::pg_snapshot)
   or xid = any (array(select pg_snapshot_xip($1::text::pg_snapshot)))
group by 1, 2
