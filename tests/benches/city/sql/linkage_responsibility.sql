-- The units over a point with their posts and who holds them today. $1 longitude, $2 latitude.
with asked as (
    select st_setsrid(st_makepoint($1, $2), 4490) as at
), micro as (
    select code, parent_code from cim.micro_grid, asked where st_covers(geom, at) order by code collate "C" limit 1
), grid as (
    select grid.code, grid.parent_code from cim.comprehensive_grid as grid join micro on grid.code = micro.parent_code
), village as (
    select village.code, village.parent_code from cim.village join grid on village.code = grid.parent_code
), town as (
    select town.code, town.parent_code from cim.town join village on town.code = village.parent_code
), exclusive as (
    select code from cim.exclusive_grid, asked where st_covers(geom, at) order by code collate "C" limit 1
), unit as (
    select 'micro_grid' as level, code from micro union all select 'comprehensive_grid', code from grid
    union all select 'village', code from village union all select 'town', code from town
    union all select 'exclusive_grid', code from exclusive
)
select unit.level, unit.code, post.post_no, post.role, holder.name, holder.phone_masked
from unit
left join cim.post on post.unit_code = unit.code
left join cim.post_holder as holder on holder.post_no = post.post_no
    and holder.valid_from <= current_date and (holder.valid_to is null or holder.valid_to > current_date)
order by unit.level, unit.code, post.post_no
