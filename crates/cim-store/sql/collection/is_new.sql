-- Whether the table never held a row, in any snapshot: it has no pages yet.
select pg_relation_size('cim.{table}') = 0
