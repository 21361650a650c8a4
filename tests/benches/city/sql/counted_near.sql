-- How far the cases, findings and cameras that another micro grid covers after are from the nearest border, in millimetres:
-- $1 collection, $2 code before, $3 code after.
with item as (
    select 'case' as collection, id, geom from cim."case"
    union all select 'finding', id, geom from cim.finding
    union all select 'camera', id, geom from cim.camera
)
select nearest.mm
from bench.covering_before as before
join bench.covering_after as after using (collection, id)
join item using (collection, id)
cross join lateral (
    select min(st_distance(st_boundary(grid.geom), item.geom)) * 1.11e8 as mm
    from (
        select geom from bench.grid_before where geom && item.geom
        union all select geom from bench.grid_after where geom && item.geom
    ) as grid
) as nearest
where collection = $1::text and before.code = $2::text and after.code = $3::text
