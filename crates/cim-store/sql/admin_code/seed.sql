-- Brings the table of administrative codes up to date. $1 schemes, $2 codes, $3 valid from, $4 valid to, $5 levels, $6 names, $7 aliases.
insert into cim.admin_code as known (scheme, code, valid_from, valid_to, level, name, alias)
select * from unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::text[], $6::text[], $7::text[])
on conflict (scheme, code, valid_from) do update
set valid_to = excluded.valid_to, level = excluded.level, name = excluded.name, alias = excluded.alias
where (known.valid_to, known.level, known.name, known.alias)
    is distinct from (excluded.valid_to, excluded.level, excluded.name, excluded.alias)
