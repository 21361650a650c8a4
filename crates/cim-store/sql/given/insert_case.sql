-- The same for cases, each with its first event. $1 the rows as JSON, by the fields of the specification.
with added as (
    insert into cim.{table} ({columns})
    select {given_columns} from jsonb_populate_recordset(null::cim.{table}, $1::jsonb) as given
    on conflict ({key}) do nothing
    returning id, state, received_at, {key}
), event as (
    insert into cim.case_event (case_id, event, from_state, to_state, at)
    select id, 'register', null, state, received_at from added
)
select id, {key} from added
