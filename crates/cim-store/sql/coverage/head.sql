-- The latest revision of city $1.
select rev, clean, base_level, state_hash from cim.revision where city_code = $1 order by rev desc limit 1
