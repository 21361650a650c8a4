-- Changes the rows that differ from what was loaded; those that are equal are not touched.
update cim.{table} as live
set {assignments}
from staging_{name} as given
where {same_key} and ({live_columns}) is distinct from ({given_values})
