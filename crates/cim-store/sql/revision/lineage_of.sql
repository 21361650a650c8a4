-- What became of units with revision $1.
select lineage.kind, lineage.from_unit, lineage.to_unit, lineage.area_share,
       before.level as from_level, before.code as from_code, after.level as to_level, after.code as to_code
from cim.lineage
left join lateral (
    select level, code from cim.unit where id = lineage.from_unit and lower(rev) < $1 order by lower(rev) desc limit 1
) as before on true
left join lateral (
    select level, code from cim.unit where id = lineage.to_unit and lower(rev) <= $1 order by lower(rev) desc limit 1
) as after on true
where lineage.rev = $1
order by lineage.kind, lineage.from_unit, lineage.to_unit
