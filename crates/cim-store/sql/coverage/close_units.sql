-- Ends the states of units of city $1 that are not given or differ, with revision $2. $3: the polygons are given, not derived.
update cim.unit as live
set rev = int4range(lower(live.rev), $2)
where upper_inf(live.rev) and live.city_code = $1
  and not exists (
    select from staging_unit as given
    where given.id = live.id
      and (given.code, given.name, given.kind, given.urban_rural_class, given.parent_id, given.parent_code)
          is not distinct from (live.code, live.name, live.kind, live.urban_rural_class, live.parent_id, live.parent_code)
      and (case when $3 then given.geom end) is not distinct from live.given_geom
  )
