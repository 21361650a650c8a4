-- The indexes of table $1 that no constraint needs: they are built after the rows of a first load.
select quote_ident(relname) as name, pg_get_indexdef(indexrelid) as definition
from pg_index join pg_class on pg_class.oid = indexrelid
where indrelid = $1::text::regclass and not indisprimary
  and not exists (select from pg_constraint where conindid = indexrelid)
order by relname
