-- Ties again what lies in the units $2 of level $1; $3: and what lay outside of the city.
select cim.tie_ground($1, $2, $3) as written
