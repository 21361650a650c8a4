-- The tiles of a zoom ($1) that hold the middle of a building, in an order that does not change.
with place as (
    select floor((st_x(middle) + 20037508.342789244) / size)::int as x,
           floor((20037508.342789244 - st_y(middle)) / size)::int as y
    from (select st_centroid(st_envelope(geom)) as middle, 40075016.685578488 / (1 << $1::int) as size
          from bench.building_3857) as middles
)
select x, y from place group by x, y order by x, y
