-- Writes rows straight into the table.
copy cim.{table} ({columns}) from stdin with (format binary)
