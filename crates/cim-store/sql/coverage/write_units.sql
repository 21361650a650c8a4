-- Begins states of units of city $1 with revision $2; $3 is a list of them.
insert into cim.unit (id, rev, city_code, level, code, name, kind, urban_rural_class, parent_id, parent_code)
select given.id, int4range($2, null), $1, given.level, given.code, given.name, given.kind, given.urban_rural_class,
       given.parent_id, given.parent_code
from jsonb_to_recordset($3) as given (
    id bigint, level text, code text, name text, kind text, urban_rural_class text, parent_id bigint, parent_code text
)
