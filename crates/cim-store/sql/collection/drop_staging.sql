-- The rows beside the table have done their work.
drop table staging_{name}
