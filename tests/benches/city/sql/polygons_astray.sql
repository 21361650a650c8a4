-- Micro grids whose polygon has another area or another outline than the borders of their faces: by the sum of the
-- shoelaces of their arcs, with the faces' side as the sign, and by the number of points.
with corner as (
    select arc.id, arc.left_face, arc.right_face, place,
           arc.points[2 * place - 1]::numeric as x, arc.points[2 * place]::numeric as y,
           arc.points[2 * place + 1]::numeric as next_x, arc.points[2 * place + 2]::numeric as next_y
    from cim.arc cross join lateral generate_series(1, cardinality(arc.points) / 2 - 1) as place
    where upper_inf(arc.rev)
), shoelace as (
    select id, left_face, right_face, sum(x * next_y - next_x * y) as doubled, count(*) as segments
    from corner group by id, left_face, right_face
), side as (
    select left_face as face, doubled, segments from shoelace where left_face is not null
    union all select right_face, -doubled, segments from shoelace where right_face is not null
), enclosed as (
    select face.base_unit, sum(side.doubled) as doubled, sum(side.segments) as segments
    from side join cim.face on face.id = side.face and upper_inf(face.rev)
    group by face.base_unit
)
select enclosed.base_unit, micro_grid.code
from enclosed
left join cim.micro_grid on micro_grid.id = enclosed.base_unit
where micro_grid.id is null
   or abs(st_area(micro_grid.geom) * 2e16 - abs(enclosed.doubled)::double precision) > 1e-6 * abs(enclosed.doubled)::double precision
