-- Ends the states of units $1 with revision $2.
update cim.unit set rev = int4range(lower(rev), $2) where upper_inf(rev) and id = any ($1)
