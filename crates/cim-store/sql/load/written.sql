-- The transaction's number if it wrote anything.
select pg_current_xact_id_if_assigned()::text as xid
