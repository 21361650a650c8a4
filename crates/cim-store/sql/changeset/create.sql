-- Begins a draft. $1 city, $2 title, $3 author, $4 the revision it begins from, $5 whether it may move the outline,
-- $6 its first operation or null.
with made as (
    insert into cim.changeset (city_code, title, author, base_rev, opens_outline, op_count)
    values ($1, $2, $3, $4, $5, case when $6::jsonb is null then 0 else 1 end) returning *
), drawn as (
    insert into cim.changeset_op (changeset_id, seq, operation, actor)
    select id, 1, $6, author from made where $6::jsonb is not null
), told as (
    insert into cim.changeset_event (changeset_id, action, actor, detail)
    select id, 'create', author, jsonb_build_object('base_rev', base_rev) from made
)
select id, city_code, title, state, author, base_rev, op_count, version, opens_outline, created_at, changed_at, submitted_at,
       reviewer, reviewed_at, effective_from, doc_no, impact, rev, pg_current_xact_id()::text as xid
from made
