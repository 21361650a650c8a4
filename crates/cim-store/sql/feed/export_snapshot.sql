-- Names the transaction's snapshot, so that another connection can see the same.
select pg_export_snapshot()
