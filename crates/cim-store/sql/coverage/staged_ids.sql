-- The numbers of the loaded units.
select level, code, id from staging_unit
