-- A unit that city $1 had before, in whatever revision, is the same unit.
update staging_unit as given
set id = known.id
from (select distinct level, code, id from cim.unit where city_code = $1) as known
where known.level = given.level and known.code = given.code
