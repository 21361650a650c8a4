-- The units beside those that are there have done their work.
drop table staging_unit
