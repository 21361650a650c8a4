-- Begins the states of units of city $1 that are new or differ, with revision $2. $3: the polygons are given, not derived.
insert into cim.unit
    (id, rev, city_code, level, code, name, kind, urban_rural_class, parent_id, parent_code, given_geom)
select id, int4range($2, null), $1, level, code, name, kind, urban_rural_class, parent_id, parent_code,
       case when $3 then geom end
from staging_unit as given
where not exists (select from cim.unit as live where live.id = given.id and upper_inf(live.rev))
