-- Writes rows beside the table.
copy staging_{name} ({columns}) from stdin with (format binary)
