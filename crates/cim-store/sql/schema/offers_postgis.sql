-- Whether the server can offer PostGIS, and the server's version number.
select exists (select from pg_available_extensions where name = 'postgis') as offered,
       current_setting('server_version_num')::integer / 10000 as major
