-- The same for cases, with an event for every change of state. $1 the rows as JSON, by the fields of the specification.
with given as (
    select * from jsonb_populate_recordset(null::cim.{table}, $1::jsonb)
), before as (
    select live.id, live.state from cim.{table} as live join given on {same_key} for update of live
), changed as (
    update cim.{table} as live
    set {kept_assignments}
    from given, before
    where {same_key} and before.id = live.id
      and (given.source_updated_at is null or live.source_updated_at is null
        or given.source_updated_at >= live.source_updated_at)
      and ({live_columns}) is distinct from ({kept_values})
    returning live.id, before.state as state_before, live.state as state_after, live.source_updated_at, {live_key}
), event as (
    insert into cim.case_event (case_id, event, from_state, to_state, at)
    select id, 'source_update', state_before, state_after, coalesce(source_updated_at, now())
    from changed
    where state_before <> state_after
)
select id, {key} from changed
