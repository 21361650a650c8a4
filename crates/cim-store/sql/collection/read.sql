-- Every row of a collection, with the transaction that wrote it.
select id, xmin, {read_columns} from cim.{table}
