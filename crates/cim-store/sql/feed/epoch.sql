-- The current period: its name, and a token of it that no other database has, not even one made from a backup of this one.
select name::text,
       md5(concat_ws(' ',
           name,
           (select system_identifier from pg_control_system()),
           (select oid from pg_database where datname = current_database())
       ))::uuid::text
from cim.epoch
