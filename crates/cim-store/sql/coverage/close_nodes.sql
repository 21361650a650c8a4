-- Ends the nodes $1 with revision $2.
update cim.node set rev = int4range(lower(rev), $2) where upper_inf(rev) and id = any ($1)
