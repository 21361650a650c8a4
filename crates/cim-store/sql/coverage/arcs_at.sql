-- The arcs of city $1 as of revision $2.
select id, start_node, end_node, left_face, right_face, points from cim.arc
where city_code = $1 and rev @> $2::integer order by id
