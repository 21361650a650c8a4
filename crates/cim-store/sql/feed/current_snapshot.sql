-- What a statement started now sees; asked every few milliseconds.
select pg_current_snapshot()::text
