-- The databases whose names begin with $1.
select datname::text from pg_database where starts_with(datname::text, $1) order by 1
