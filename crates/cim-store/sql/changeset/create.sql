-- Begins a draft. $1 city, $2 title, $3 author, $4 the revision it begins from, $5 whether it may move the outline.
with made as (
    insert into cim.changeset (city_code, title, author, base_rev, opens_outline) values ($1, $2, $3, $4, $5) returning *
), told as (
    insert into cim.changeset_event (changeset_id, action, actor, detail)
    select id, 'create', author, jsonb_build_object('base_rev', base_rev) from made
)
select id, city_code, title, state, author, base_rev, op_count, version, opens_outline, created_at, changed_at, submitted_at,
       reviewer, reviewed_at, effective_from, doc_no, impact, rev, pg_current_xact_id()::text as xid
from made
