-- Removes the derived rows of units that no city has in the state that is shown.
delete from cim.{table} as live
where not exists (
    select from cim.unit
    join (
        select distinct on (city_code) city_code, rev as shown from cim.revision
        where activated_at is not null order by city_code, rev desc
    ) as active using (city_code)
    where unit.id = live.id and unit.rev @> active.shown
)
