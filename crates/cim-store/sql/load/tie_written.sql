-- Ties what the load wrote or moved, in its own transaction; the number of ties that changed.
select cim.tie_written() as written
