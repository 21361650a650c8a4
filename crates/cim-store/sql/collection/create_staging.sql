-- A place beside the table for rows to be compared with it.
create temporary table staging_{name} on commit drop as select {columns} from cim.{table} with no data
