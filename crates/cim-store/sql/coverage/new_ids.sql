-- $1 numbers that were never given out.
select nextval('cim.coverage_id') from generate_series(1, $1::bigint)
