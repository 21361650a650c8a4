-- A unit that city $1 had before, in whatever revision, is the same unit; but not one that goes by another code now.
update staging_unit as given
set id = known.id
from (
    select distinct on (level, code) level, code, id from cim.unit as past
    where city_code = $1
      and (upper_inf(rev) or not exists (
          select from cim.unit as live where live.id = past.id and upper_inf(live.rev) and live.code <> past.code
      ))
    order by level, code, upper_inf(rev) desc, lower(rev) desc
) as known
where known.level = given.level and known.code = given.code
