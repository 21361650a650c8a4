-- Comprehensive grids without a station: every grid has one. key, value, lon, lat; total in every row.
select grid.code as key, grid.name as value, st_x(spot.at) as lon, st_y(spot.at) as lat, count(*) over () as total
from cim.comprehensive_grid as grid
cross join lateral (select st_pointonsurface(grid.geom) as at) as spot
where exists (select from cim.grid_station)
    and not exists (select from cim.grid_station as station where station.grid_code = grid.code)
order by grid.code
limit $1
