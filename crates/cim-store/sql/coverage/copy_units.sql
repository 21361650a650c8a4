-- Writes the loaded units beside those that are there.
copy staging_unit (level, code, name, kind, urban_rural_class, parent_level, parent_code, geom)
from stdin with (format binary)
