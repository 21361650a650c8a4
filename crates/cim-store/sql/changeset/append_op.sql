-- Adds an operation after the last that holds; what was undone is gone. $1 draft, $2 version read, $3 operation, $4 actor.
with moved as (
    update cim.changeset
    set op_count = op_count + 1, state = 'draft', version = version + 1, changed_at = now()
    where id = $1 and version = $2 and state in ('draft', 'rejected')
    returning *
), dropped as (
    delete from cim.changeset_op using moved
    where changeset_op.changeset_id = moved.id and changeset_op.seq > moved.op_count
), added as (
    insert into cim.changeset_op (changeset_id, seq, operation, actor)
    select id, op_count, $3, $4 from moved
    on conflict (changeset_id, seq) do update
    set operation = excluded.operation, actor = excluded.actor, at = now()
)
select id, city_code, title, state, author, base_rev, op_count, version, opens_outline, created_at, changed_at, submitted_at,
       reviewer, reviewed_at, effective_from, doc_no, impact, rev, pg_current_xact_id()::text as xid
from moved
