-- The revision of every city that holds now.
select distinct on (city_code) city_code, rev, clean, base_level from cim.revision
where activated_at is not null order by city_code, rev desc
