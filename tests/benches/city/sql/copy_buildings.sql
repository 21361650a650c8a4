-- What other tile servers read: the buildings in Web Mercator, the attributes of the comparison, indexed and in the index's order.
create schema if not exists bench;
drop table if exists bench.building_3857;
create table bench.building_3857 as
select id, code, name, height_m, floors_above, "use",
       st_transform(st_setsrid(geom, 4326), 3857)::geometry(MultiPolygon, 3857) as geom
from cim.building;
alter table bench.building_3857 add primary key (id);
create index building_3857_geom on bench.building_3857 using gist (geom);
cluster bench.building_3857 using building_3857_geom;
analyze bench.building_3857;
