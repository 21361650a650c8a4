-- Units that were never there get numbers.
update staging_unit set id = nextval('cim.coverage_id') where id is null
