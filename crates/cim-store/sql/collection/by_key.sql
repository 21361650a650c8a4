-- The row that people call by the business key $1.
select id, xmin, {read_columns} from cim.{table} where {id_field} = $1
