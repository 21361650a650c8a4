-- The faces of city $1 as of the latest revision, with the codes of their units.
select face.id, face.base_unit, face.overlay_unit, base.code as base_code, overlay.code as overlay_code
from cim.face
join cim.unit as base on base.id = face.base_unit and upper_inf(base.rev)
left join cim.unit as overlay on overlay.id = face.overlay_unit and upper_inf(overlay.rev)
where upper_inf(face.rev) and face.city_code = $1
order by face.id
