-- A page of rows in the order of their ids. $1 the last id known, $2 most rows.
select id, xmin, {read_columns} from cim.{table} where id > $1 order by id limit $2
