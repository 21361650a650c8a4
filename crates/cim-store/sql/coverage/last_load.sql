-- The hash of the units of city $1 as they were last loaded.
select state_hash from cim.revision where city_code = $1 and kind = 'load' order by rev desc limit 1
