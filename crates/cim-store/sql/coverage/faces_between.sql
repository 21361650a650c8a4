-- The states of faces of city $1 that began or ended after revision $2 and until $3, as they were at the one or the other.
select id, rev @> $2::integer as is_before, rev @> $3::integer as is_after, base_unit, overlay_unit
from cim.face
where city_code = $1
  and ((lower(rev) > $2 and lower(rev) <= $3) or (upper(rev) > $2 and upper(rev) <= $3))
  and (rev @> $2::integer or rev @> $3::integer)
order by id
