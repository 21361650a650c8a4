-- Cases whose tie is not that of the unit of the finest level that covers them. $1: so many examples.
with finest as (
    select code, geom from cim.micro_grid
    union all
    select code, geom from cim.comprehensive_grid where not exists (select from cim.micro_grid)
), stale as (
    select thing.case_no as key, tie.micro_grid_code as value, st_x(thing.geom) as lon, st_y(thing.geom) as lat
    from cim."case" as thing
    join cim.tie on tie.collection = 'case' and tie.row_id = thing.id
    left join lateral (
        select code from finest where st_covers(finest.geom, thing.geom) order by code collate "C" limit 1
    ) as now on true
    where thing.geom is not null and tie.state <> 'not_needed'
      and coalesce(tie.micro_grid_code, tie.comprehensive_grid_code) is distinct from now.code
      and (tie.micro_grid_code is not null or tie.comprehensive_grid_code is not null or now.code is not null)
)
select count(*) over () as total, key, value, lon, lat from stale order by key limit $1
