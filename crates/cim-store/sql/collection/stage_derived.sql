-- The units of one level as its derived rows will be.
create temporary table staging_{name} on commit drop as
select id, {columns} from staging_unit where level = '{name}'
