-- Removes the derived rows of units $1.
delete from cim.{table} where id = any ($1)
