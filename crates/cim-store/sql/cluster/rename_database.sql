-- Gives a database its final name once it is complete.
alter database {template} rename to {database}
