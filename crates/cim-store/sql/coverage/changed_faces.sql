-- The faces of city $1 that a revision after $2 and up to $3 wrote or ended, or whose units it wrote, as of revision $3
-- with the codes of their units, without a code where they are gone; no more than $4.
select touched.id, face.base_code, face.overlay_code
from (
    select id from cim.face where lower(rev) > $2 and lower(rev) <= $3 and city_code = $1
    union
    select id from cim.face where upper(rev) > $2 and upper(rev) <= $3 and city_code = $1
    union
    select face.id from cim.unit join cim.face on face.base_unit = unit.id and face.rev @> $3
    where lower(unit.rev) > $2 and lower(unit.rev) <= $3 and unit.city_code = $1
    union
    select face.id from cim.unit join cim.face on face.overlay_unit = unit.id and face.rev @> $3
    where lower(unit.rev) > $2 and lower(unit.rev) <= $3 and unit.city_code = $1
    limit $4
) as touched
left join lateral (
    select base.code as base_code, overlay.code as overlay_code
    from cim.face
    join cim.unit as base on base.id = face.base_unit and base.rev @> $3
    left join cim.unit as overlay on overlay.id = face.overlay_unit and overlay.rev @> $3
    where face.id = touched.id and face.rev @> $3
    limit 1
) as face on true
order by touched.id
