-- One tile as Martin asks for it: zoom, column, row.
select st_asmvt(tile, 'building', 4096, 'geom', 'id')
from (
    select st_asmvtgeom(geom, st_tileenvelope($1::int, $2::int, $3::int), 4096, 64, true) as geom,
           id, code, name, height_m, floors_above, "use"
    from bench.building_3857
    where geom && st_tileenvelope($1::int, $2::int, $3::int, margin => 0.015625)
) as tile
