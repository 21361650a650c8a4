-- Buildings to move ($1 of them), each well inside one tile of zoom 16, spread by a number that does not change.
with place as (
    select id, (st_xmin(shape) + 20037508.342789244) / size as west, (st_xmax(shape) + 20037508.342789244) / size as east,
           (20037508.342789244 - st_ymax(shape)) / size as north, (20037508.342789244 - st_ymin(shape)) / size as south
    from (select id, st_envelope(st_transform(st_setsrid(geom, 4326), 3857)) as shape, 40075016.685578488 / 65536 as size
          from cim.building) as shapes
)
select id, floor(west)::int as x, floor(north)::int as y
from place
where floor(west - 0.05) = floor(east + 0.05) and floor(north - 0.05) = floor(south + 0.05)
order by hashint8(id), id
limit $1::bigint
