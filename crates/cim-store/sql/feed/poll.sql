-- What a statement started now sees, and the period in which its numbers mean something; asked every few milliseconds.
select pg_current_snapshot()::text, (select name::text from cim.epoch)
