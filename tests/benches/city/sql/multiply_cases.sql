-- Makes five million cases of a district's: each again some metres aside and some weeks earlier. Once.
do $$
declare
    columns text;
begin
    if (select count(*) from cim."case") > 2000000 then
        return;
    end if;
    perform set_config('cim.tying', 'deferred', true);
    select string_agg(format('%I', column_name), ', ') into columns
    from information_schema.columns
    where table_schema = 'cim' and table_name = 'case'
      and column_name not in ('id', 'case_no', 'source_no', 'received_at', 'geom');
    execute format($sql$
        insert into cim."case" (case_no, source_no, received_at, geom, %1$s)
        select case_no || '-' || turn, source_no || '-' || turn, received_at - turn * interval '26 days',
            st_translate(geom, sin(turn) * 0.00008, cos(turn) * 0.00008), %1$s
        from cim."case" cross join generate_series(1, 14) as turn
    $sql$, columns);
end
$$;
analyze cim."case";
