-- Ties every row of every tied collection.
select cim.tie_rows(collection, null) from unnest(array['case', 'finding', 'camera']) as collection
