-- The cities that have boundaries.
select distinct city_code from cim.revision order by city_code
