-- The levels that city $1 has units of.
select distinct level from cim.unit where city_code = $1 and upper_inf(rev) order by level
