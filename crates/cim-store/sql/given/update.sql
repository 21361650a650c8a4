-- Changes stored rows to what their sources give now: fields that are not given stay, and an older version changes nothing.
-- $1 the rows as JSON, by the fields of the specification.
update cim.{table} as live
set {kept_assignments}
from jsonb_populate_recordset(null::cim.{table}, $1::jsonb) as given
where {same_key}
  and (given.source_updated_at is null or live.source_updated_at is null
    or given.source_updated_at >= live.source_updated_at)
  and ({live_columns}) is distinct from ({kept_values})
returning live.id, {live_key}
