-- Ties that do not say the micro grid that covers their row.
with item as (
    select 'case' as collection, id, geom from cim."case"
    union all select 'finding', id, geom from cim.finding
    union all select 'camera', id, geom from cim.camera
)
select tie.collection, tie.row_id, tie.micro_grid_code, grid.code, tie.revision
from cim.tie
join item on item.collection = tie.collection and item.id = tie.row_id
left join lateral (
    select code from cim.micro_grid where st_covers(micro_grid.geom, item.geom) order by code collate "C" limit 1
) as grid on true
where tie.micro_grid_code is distinct from grid.code
