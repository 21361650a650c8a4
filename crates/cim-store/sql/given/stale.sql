-- The stored rows of which a newer version is there than the one given, and all others that are there. $1 the rows as JSON.
select live.id, {live_key},
    coalesce(given.source_updated_at < live.source_updated_at, false) as is_stale
from jsonb_populate_recordset(null::cim.{table}, $1::jsonb) as given join cim.{table} as live on {same_key}
