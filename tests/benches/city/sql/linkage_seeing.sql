-- The cameras that have a point at 1.5 m in range and angle, and whether a building stands in the way.
-- $1 longitude, $2 latitude.
with asked as (
    select st_setsrid(st_makepoint($1, $2), 4490) as at
), camera as (
    select item.gb_id, item.geom, asked.at,
        coalesce(nullif(greatest(item.mount_height_m, 0), 0), 6) as eye_m,
        st_distance(item.geom::geography, asked.at::geography) as away_m,
        degrees(st_azimuth(item.geom::geography, asked.at::geography)) as bearing,
        coalesce(nullif(greatest(item.range_m, 0), 0), 80) as range_m,
        coalesce(item.ptz_type in (1, 4, 5), false) as turns,
        coalesce(nullif(greatest(item.field_angle_deg, 0), 0), 90) / 2 as half,
        item.azimuth_deg,
        case item.direction_type when 1 then 90 when 2 then 270 when 3 then 180 when 4 then 0 when 5 then 135
            when 6 then 45 when 7 then 225 when 8 then 315 end as coded,
        item.field_angle_deg, item.mount_height_m, item.range_m as given_range_m
    from asked join cim.camera as item
        on item.geom && st_expand(asked.at, 610 / (111320 * cosd($2)), 610 / 110500.0)
), looking as (
    select *, least(abs(bearing - axis), 360 - abs(bearing - axis)) as aside
    from (
        select *, coalesce(azimuth_deg, coded) as axis,
            case when azimuth_deg is null and coded is not null then half + 22.5 else half end as reach
        from camera
    ) as aimed
), covering as (
    select *, not turns and (azimuth_deg is null or field_angle_deg is null)
            or coalesce(mount_height_m, 0) <= 0 or coalesce(given_range_m, 0) <= 0 as is_assumed
    from looking
    where away_m <= least(range_m, 600) and (away_m = 0 or turns or axis is null or aside <= reach)
)
select covering.gb_id,
    case when bool_or(wall.is_sure) then 'blocked'
        when bool_or(wall.is_sure is not null) or covering.is_assumed then 'assumed' else 'clear' end as sight,
    least(range_m - away_m, case when turns or axis is null then 1e9 else (reach - aside) end,
        case when bool_or(wall.grazes) then 0 end) as slack
from covering
left join lateral (
    select case when crossing.longest_m > 0.02 then building.height_m > 0 end as is_sure,
        crossing.longest_m < 0.03 as grazes
    from cim.building
    cross join lateral st_makeline(covering.geom, covering.at) as line
    cross join lateral (
        select min(covering.eye_m + (1.5 - covering.eye_m) * st_linelocatepoint(line, ends.geom)) as lowest_m,
            max(st_length(piece.geom)) * 100000 as longest_m
        from st_dump(st_intersection(line, building.geom)) as piece
        cross join lateral (values (st_startpoint(piece.geom)), (st_endpoint(piece.geom))) as ends (geom)
        where st_geometrytype(piece.geom) = 'ST_LineString'
            and st_length(piece.geom) * 100000 > 0.01
    ) as crossing
    where building.geom && line and st_intersects(building.geom, line)
        and not st_intersects(building.geom, covering.geom) and not st_intersects(building.geom, covering.at)
        and crossing.lowest_m is not null
        and (case when building.height_m > 0 then building.height_m
                when building.floors_above > 0 then building.floors_above * 3 else 1e9 end) > crossing.lowest_m
) as wall on true
group by covering.gb_id, covering.is_assumed, range_m, away_m, turns, axis, reach, aside
order by covering.gb_id
