-- Rows of case that lie in no unit of the finest level that is loaded. $1 = most rows.
select thing.case_no as key, null::text as value, st_x(spot.at) as lon, st_y(spot.at) as lat, count(*) over () as total
from cim."case" as thing
cross join lateral (select thing.geom as at) as spot
where exists (select from cim.unit where upper_inf(rev)) and thing.geom is not null
    and not exists (select from cim.micro_grid as unit where st_covers(unit.geom, spot.at))
    and not exists (select from cim.comprehensive_grid as unit where st_covers(unit.geom, spot.at))
    and not exists (select from cim.village as unit where st_covers(unit.geom, spot.at))
    and not exists (select from cim.town as unit where st_covers(unit.geom, spot.at))
    and not exists (select from cim.district as unit where st_covers(unit.geom, spot.at))
order by thing.case_no
limit $1
