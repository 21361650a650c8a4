-- Records an event and changes the case with it, if the case is in the state that the caller saw.
-- $1 case, $2 state seen, $3 changed fields as JSON with the new state, $4 event, $5 new state, $6 actor, $7 when, $8 note.
with changed as (
    update cim."case" as live
    set ({columns}) = (select {columns} from jsonb_populate_record(live, $3::jsonb))
    where live.id = $1 and live.state = $2
    returning live.id
)
insert into cim.case_event (case_id, event, from_state, to_state, actor, at, note, changed)
select id, $4, $2, $5, $6, $7, $8, $3::jsonb - 'state' from changed
returning id, pg_current_xact_id()::text as xid
