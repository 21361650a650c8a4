-- Writes a new case with its first event, or nothing when its source number is known. $1 .. the fields of the specification.
with added as (
    insert into cim."case" ({columns}) values ({places})
    on conflict (source_system, source_no) do nothing
    returning id, state, received_at
), event as (
    insert into cim.case_event (case_id, event, from_state, to_state, at)
    select id, 'register', null, state, received_at from added
)
select id, pg_current_xact_id_if_assigned()::text as xid from added
