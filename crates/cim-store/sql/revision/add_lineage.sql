-- Records what became of units with revision $1: $2 kinds, $3 old units, $4 new units, $5 shares of the ground.
insert into cim.lineage (rev, kind, from_unit, to_unit, area_share)
select $1, kind, from_unit, to_unit, area_share
from unnest($2::text[], $3::bigint[], $4::bigint[], $5::double precision[]) as given (kind, from_unit, to_unit, area_share)
on conflict do nothing
