-- Says that the whole collection $1 is to be read again.
insert into cim.change (collection, id) values ($1, null)
