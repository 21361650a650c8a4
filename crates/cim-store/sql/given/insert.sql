-- Adds the rows whose business key is new. $1 the rows as JSON, by the fields of the specification.
insert into cim.{table} ({columns})
select {given_columns} from jsonb_populate_recordset(null::cim.{table}, $1::jsonb) as given
on conflict ({key}) do nothing
returning id, {key}
