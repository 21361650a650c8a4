-- The nearest 20 open cases within 500 m of a point. $1 longitude, $2 latitude.
select item.case_no, away.m
from (select st_setsrid(st_makepoint($1, $2), 4490) as at) as asked
join cim."case" as item
    on item.geom && st_expand(asked.at, 510 / (111320 * cosd($2)), 510 / 110500.0)
cross join lateral (select st_distance(item.geom::geography, asked.at::geography) as m) as away
where away.m <= 500
  and item.state not in ('answered', 'rejected', 'merged', 'closed', 'cancelled', 'archived')
order by away.m, item.id
limit 20
