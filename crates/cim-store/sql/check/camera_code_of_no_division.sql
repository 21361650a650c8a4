-- Cameras whose code is not 20 digits or begins with a division that no list of codes has had. $1 = most rows.
select gb_id as key, left(gb_id, 6) as value, st_x(geom) as lon, st_y(geom) as lat, count(*) over () as total
from cim.camera
where exists (select from cim.admin_code)
    and (
        gb_id !~ '^[0-9]{20}$'
        or not exists (select from cim.admin_code as known where known.code like left(gb_id, 6) || '%')
    )
order by gb_id
limit $1
