-- The published borders.
select id, start_node, end_node, left_face, right_face, points from cim.arc where upper_inf(rev) order by id
