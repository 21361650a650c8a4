-- The faces of city $1 as of revision $2.
select id, base_unit, overlay_unit from cim.face where city_code = $1 and rev @> $2::integer order by id
