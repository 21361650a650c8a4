-- The arcs of city $1 that a revision after $2 and up to $3 wrote or ended, as of revision $3, without points where they
-- are gone; no more than $4.
select touched.id, arc.left_face, arc.right_face, arc.points
from (
    select id from cim.arc where lower(rev) > $2 and lower(rev) <= $3 and city_code = $1
    union
    select id from cim.arc where upper(rev) > $2 and upper(rev) <= $3 and city_code = $1
    limit $4
) as touched
left join lateral (
    select left_face, right_face, points from cim.arc where id = touched.id and rev @> $3 limit 1
) as arc on true
order by touched.id
