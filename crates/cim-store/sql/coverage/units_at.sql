-- The units of city $1 as of revision $2.
select id, level, code, name, kind, urban_rural_class, parent_id, parent_code from cim.unit
where city_code = $1 and rev @> $2::integer order by id
