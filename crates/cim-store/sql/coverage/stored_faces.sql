-- The faces of city $1 that hold now, whatever became of their units.
select id, base_unit, overlay_unit from cim.face where upper_inf(rev) and city_code = $1
