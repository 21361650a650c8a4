-- What a statement started now sees.
select pg_current_snapshot()::text
