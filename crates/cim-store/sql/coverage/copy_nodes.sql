-- Writes new nodes.
copy cim.node (id, rev, city_code, x, y) from stdin with (format binary)
