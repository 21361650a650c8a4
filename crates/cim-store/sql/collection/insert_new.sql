-- Adds the rows whose business key is new.
insert into cim.{table} ({columns})
select {given_columns} from staging_{name} as given
where not exists (select from cim.{table} as live where {same_key})
