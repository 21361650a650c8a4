-- The arcs of city $1 as of the latest revision.
select id, left_face, right_face, points from cim.arc where upper_inf(rev) and city_code = $1 order by id
