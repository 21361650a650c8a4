-- Comprehensive grids with more than 500 households, counted over the buildings whose inner point lies in them. $1 = most rows.
select
    grid.code as key, counted.households::text as value,
    st_x(spot.at) as lon, st_y(spot.at) as lat, count(*) over () as total
from cim.comprehensive_grid as grid
cross join lateral (select st_pointonsurface(grid.geom) as at) as spot
cross join lateral (
    select coalesce(sum(building.household_count), 0) as households
    from cim.building as building
    where building.geom && grid.geom and building.household_count > 0
        and st_covers(grid.geom, st_pointonsurface(building.geom))
) as counted
where counted.households > 500
order by counted.households desc, grid.code
limit $1
