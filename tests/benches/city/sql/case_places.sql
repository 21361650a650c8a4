-- Where cases happened, in an order that looks random and is the same every time.
select st_x(geom), st_y(geom) from cim."case" where geom is not null order by md5(case_no) limit 20000
