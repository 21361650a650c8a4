-- Approves a draft. $1 draft, $2 version read, $3 reviewer, $4 the day from which it is to hold, $5 number of the decision.
with moved as (
    update cim.changeset
    set state = 'approved', reviewer = $3, reviewed_at = now(), effective_from = $4, doc_no = $5, version = version + 1, changed_at = now()
    where id = $1 and version = $2 and state in ('submitted')
    returning *
), told as (
    insert into cim.changeset_event (changeset_id, action, actor, detail)
    select id, 'approve', $3, jsonb_build_object('effective_from', effective_from, 'doc_no', doc_no) from moved
)
select id, city_code, title, state, author, base_rev, op_count, version, opens_outline, created_at, changed_at, submitted_at,
       reviewer, reviewed_at, effective_from, doc_no, impact, rev, pg_current_xact_id()::text as xid
from moved
