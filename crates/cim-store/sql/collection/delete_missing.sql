-- Removes the rows that a complete load does not have.
delete from cim.{table} as live
where not exists (select from staging_{name} as given where {same_key})
