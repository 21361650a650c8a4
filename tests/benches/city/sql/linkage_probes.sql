-- $1 cases with a place and a class, in an order that looks random and is the same every time.
select case_no, raw_location, st_x(geom) as lon, st_y(geom) as lat
from cim."case"
where geom is not null and category_code is not null and is_drill is not true
order by md5(case_no)
limit $1
