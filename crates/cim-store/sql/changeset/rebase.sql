-- Sets a draft on another revision, $3; at most $5 of its operations hold, and what was undone is gone. $1 draft,
-- $2 version read, $4 actor.
with moved as (
    update cim.changeset
    set base_rev = $3, op_count = least(op_count, $5), version = version + 1, changed_at = now()
    where id = $1 and version = $2 and state in ('draft', 'rejected')
    returning *
), dropped as (
    delete from cim.changeset_op using moved
    where changeset_op.changeset_id = moved.id and changeset_op.seq > moved.op_count
), told as (
    insert into cim.changeset_event (changeset_id, action, actor, detail)
    select id, 'rebase', $4, jsonb_build_object('base_rev', base_rev) from moved
)
select id, city_code, title, state, author, base_rev, op_count, version, opens_outline, created_at, changed_at, submitted_at,
       reviewer, reviewed_at, effective_from, doc_no, impact, rev, pg_current_xact_id()::text as xid
from moved
