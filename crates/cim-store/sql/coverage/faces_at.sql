-- The faces of city $1 as of revision $2, with the codes of their units.
select face.id, face.base_unit, face.overlay_unit, base.code as base_code, overlay.code as overlay_code
from cim.face
join cim.unit as base on base.id = face.base_unit and base.rev @> $2::integer
left join cim.unit as overlay on overlay.id = face.overlay_unit and overlay.rev @> $2::integer
where face.rev @> $2::integer and face.city_code = $1
order by face.id
