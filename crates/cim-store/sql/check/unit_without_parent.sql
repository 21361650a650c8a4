-- Units below the top level that belong to none above. $1 = most rows.
select code as key, level as value, null::double precision as lon, null::double precision as lat, count(*) over () as total
from cim.unit
where upper_inf(rev) and parent_id is null
    and level <> (
        select level from cim.unit where upper_inf(rev)
        order by array_position(
            array['district', 'town', 'village', 'comprehensive_grid', 'exclusive_grid', 'micro_grid'], level
        )
        limit 1
    )
order by level, code
limit $1
