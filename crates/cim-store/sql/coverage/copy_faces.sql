-- Writes new faces.
copy cim.face (id, rev, city_code, base_unit, overlay_unit) from stdin with (format binary)
