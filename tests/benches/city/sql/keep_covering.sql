-- Which micro grid covers what, each thing by its middle.
create schema if not exists bench;
drop table if exists bench.covering_{name};
create table bench.covering_{name} as
with item as (
    select 'case' as collection, id, geom from cim."case"
    union all select 'finding', id, geom from cim.finding
    union all select 'inspection', id, geom from cim.inspection
    union all select 'camera', id, geom from cim.camera
    union all select 'key_place', id, geom from cim.key_place
    union all select 'building', id, st_centroid(geom) from cim.building
)
select item.collection, item.id, grid.code
from item
left join lateral (
    select code from cim.micro_grid where st_covers(micro_grid.geom, item.geom) order by code collate "C" limit 1
) as grid on true;
drop table if exists bench.grid_{name};
create table bench.grid_{name} as select code, geom from cim.micro_grid;
create index on bench.grid_{name} using gist (geom);
