-- The case with a source number. $1 source system, $2 source number.
select id from cim."case" where source_system = $1 and source_no = $2
