-- Cameras without a direction: what they see can only be assumed. $1 = most rows.
select gb_id as key, name as value, st_x(geom) as lon, st_y(geom) as lat, count(*) over () as total
from cim.camera
where azimuth_deg is null and direction_type is null
order by gb_id
limit $1
