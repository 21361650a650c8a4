-- Sets fields of a row if it is still the version that the caller saw. $1 business key, $2 that version's xmin, $3 the
-- fields as JSON.
update cim.{table} as live
set ({columns}) = (select {columns} from jsonb_populate_record(live, $3::jsonb))
where live.{id_field} = $1 and live.xmin::text = $2
returning id, pg_current_xact_id()::text as xid
