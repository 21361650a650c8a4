-- Adds the derived rows of new units.
insert into cim.{table} (id, {columns})
select given.id, {given_columns} from staging_{name} as given
where not exists (select from cim.{table} as live where {same_key})
