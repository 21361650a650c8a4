-- How far a place ($1 longitude, $2 latitude) is from the nearest border of a micro grid, before or after, in millimetres.
select min(st_distance(st_boundary(grid.geom), asked.at)) * 1.11e8
from (select st_setsrid(st_makepoint($1, $2), 4490) as at) as asked
cross join lateral (
    select geom from bench.grid_before where geom && st_expand(asked.at, 1e-5)
    union all select geom from bench.grid_after where geom && st_expand(asked.at, 1e-5)
) as grid
