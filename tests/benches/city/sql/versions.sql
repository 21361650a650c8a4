-- The database's own versions.
select 'PostgreSQL ' || current_setting('server_version') || ', PostGIS ' || postgis_lib_version()
