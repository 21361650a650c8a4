-- Every row of a collection.
select id, {read_columns} from cim.{table}
