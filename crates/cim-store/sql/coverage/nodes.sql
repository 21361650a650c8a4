-- The nodes of city $1 as of the latest revision.
select id, x, y from cim.node where upper_inf(rev) and city_code = $1
