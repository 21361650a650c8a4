-- The nodes of city $1 as of revision $2.
select id, x, y from cim.node where city_code = $1 and rev @> $2::integer order by id
