-- The rows with the ids $1, as they are now.
select id, xmin, {read_columns} from cim.{table} where id = any ($1)
