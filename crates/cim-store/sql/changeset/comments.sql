-- What was said about draft $1, oldest first.
select id, actor, at, text, st_x(geom) as lon, st_y(geom) as lat, arc_id, unit_id
from cim.changeset_comment where changeset_id = $1 order by id
