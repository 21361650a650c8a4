-- Adds the derived rows of units $1, a list of rows, that are not there.
insert into cim.{table} (id, {columns})
select given.id, {given_columns} from jsonb_populate_recordset(null::cim.{table}, $1) as given
where not exists (select from cim.{table} as live where live.id = given.id)
