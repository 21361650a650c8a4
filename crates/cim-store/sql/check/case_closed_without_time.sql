-- Cases that are closed without a closing time. $1 = most rows.
select case_no as key, state as value, st_x(geom) as lon, st_y(geom) as lat, count(*) over () as total
from cim."case"
where state in ('closed', 'archived') and closed_at is null
order by case_no
limit $1
