-- Rows of building that lie in no unit of the finest level that is loaded. $1 = most rows.
select thing.code as key, null::text as value, st_x(spot.at) as lon, st_y(spot.at) as lat, count(*) over () as total
from cim."building" as thing
cross join lateral (select st_pointonsurface(thing.geom) as at) as spot
where exists (select from cim.unit where upper_inf(rev))
    and not exists (select from cim.micro_grid as unit where st_covers(unit.geom, spot.at))
    and not exists (select from cim.comprehensive_grid as unit where st_covers(unit.geom, spot.at))
    and not exists (select from cim.village as unit where st_covers(unit.geom, spot.at))
    and not exists (select from cim.town as unit where st_covers(unit.geom, spot.at))
    and not exists (select from cim.district as unit where st_covers(unit.geom, spot.at))
order by thing.code
limit $1
