-- The case with the number $1 as people quote it.
select id, xmin, {read_columns} from cim.{table} where case_no = $1
