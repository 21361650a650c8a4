-- What a box holds: $1 west, $2 south, $3 east, $4 north.
with area as (
    select st_makeenvelope($1, $2, $3, $4, 4490) as geom
), building as (
    select item.household_count, item.population, item."use"
    from area join cim.building as item on item.geom && area.geom where st_covers(area.geom, st_centroid(item.geom))
), work as (
    select item.state from area join cim."case" as item on item.geom && area.geom where st_covers(area.geom, item.geom)
), grid as (
    select item.code, st_area(st_intersection(item.geom, area.geom)) / st_area(item.geom) as share
    from area join cim.comprehensive_grid as item on st_intersects(item.geom, area.geom)
)
select (select count(*) from building) as buildings,
    (select coalesce(sum(household_count), 0) from building)::bigint as households,
    (select coalesce(sum(population), 0) from building)::bigint as population,
    (select json_object_agg("use", n) from (select "use", count(*) as n from building group by 1) as uses)::text as uses,
    (select json_object_agg(state, n) from (select state, count(*) as n from work group by 1) as states)::text as states,
    (select count(*) from area join cim.finding as item on item.geom && area.geom
        where st_covers(area.geom, item.geom)) as findings,
    (select count(*) from area join cim.camera as item on item.geom && area.geom
        where st_covers(area.geom, item.geom)) as cameras,
    (select count(*) from area join cim.address as item on item.geom && area.geom
        where st_covers(area.geom, item.geom)) as addresses,
    (select json_object_agg(code, share) from grid where share >= 0.0001)::text as grids
