-- Ties again what lies in the units $2 of level $1, and in boxes $3: west, south, east, north of each in turn.
select cim.tie_ground($1, $2, $3) as written
