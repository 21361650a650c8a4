-- Half a million cases of a district's: some again, a few metres aside and some weeks earlier, each tied as it is written. Once.
do $$
declare
    missing bigint := 500000 - (select count(*) from cim."case");
    columns text;
begin
    if missing <= 0 then
        return;
    end if;
    select string_agg(format('%I', column_name), ', ') into columns
    from information_schema.columns
    where table_schema = 'cim' and table_name = 'case'
      and column_name not in ('id', 'case_no', 'source_no', 'received_at', 'geom');
    execute format($sql$
        insert into cim."case" (case_no, source_no, received_at, geom, %1$s)
        select case_no || '-1', source_no || '-1', received_at - interval '26 days',
            st_translate(geom, 0.00007, 0.00004), %1$s
        from cim."case" order by md5(case_no) limit $1
    $sql$, columns) using missing;
end
$$;
analyze cim."case";
analyze cim.tie;
