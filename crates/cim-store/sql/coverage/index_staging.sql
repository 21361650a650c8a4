-- Refuses a unit that is given twice.
create unique index staging_unit_key on staging_unit (level, code)
