-- One edit as somebody makes it in psql: a building ($1) a little to the east ($2 degrees).
update cim.building set geom = st_translate(geom, $2::float8, 0) where id = $1::bigint
