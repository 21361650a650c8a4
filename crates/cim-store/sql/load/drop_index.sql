-- Takes an index away; it is built again after the rows, in the same transaction.
drop index cim.{index}
