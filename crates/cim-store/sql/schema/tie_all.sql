-- Ties every row of every tied collection, in a database that was loaded before there were ties.
with alone as materialized (select pg_advisory_xact_lock(4490, 4))
select cim.tie_rows(collection, null)
from alone cross join unnest(array['case', 'finding', 'camera']) as collection
where not exists (select from cim.tie)
