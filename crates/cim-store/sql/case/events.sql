-- The events of case $1 in order.
select id, event, from_state, to_state, actor, at, note, changed from cim.case_event where case_id = $1 order by id
