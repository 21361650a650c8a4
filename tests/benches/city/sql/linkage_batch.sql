-- How many of many points lie in a micro grid. $1 longitudes, $2 latitudes.
select count(grid.code)
from unnest($1::float8[], $2::float8[]) as point (lon, lat)
left join lateral (
    select code from cim.micro_grid
    where st_covers(geom, st_setsrid(st_makepoint(point.lon, point.lat), 4490)) order by code collate "C" limit 1
) as grid on true
