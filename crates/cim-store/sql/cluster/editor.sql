-- The role for QGIS and the like on the loopback port: it reads and writes the city's tables, and nothing else of the cluster.
do $$
begin
    if not exists (select from pg_roles where rolname = 'cim_editor') then
        create role cim_editor login;
    end if;
    execute format('alter role cim_editor password %L', '{password}');
    alter default privileges grant usage on schemas to cim_editor;
    alter default privileges grant select, insert, update, delete on tables to cim_editor;
    alter default privileges grant usage on sequences to cim_editor;
    if exists (select from pg_namespace where nspname = 'cim') then
        grant usage on schema cim to cim_editor;
        grant select, insert, update, delete on all tables in schema cim to cim_editor;
        grant usage on all sequences in schema cim to cim_editor;
    end if;
end
$$;
