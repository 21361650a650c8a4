-- The latest revision of every city.
select distinct on (city_code) city_code, rev, clean, base_level from cim.revision order by city_code, rev desc
