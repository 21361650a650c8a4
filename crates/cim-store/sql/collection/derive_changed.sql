-- Changes the derived rows of units $1, a list of rows, where they differ.
update cim.{table} as live
set code = given.code, {assignments}
from jsonb_populate_recordset(null::cim.{table}, $1) as given
where live.id = given.id and (live.code, {live_columns}) is distinct from (given.code, {given_values})
