-- Takes a draft back to be drawn on. $1 draft, $2 version read, $3 actor.
with moved as (
    update cim.changeset
    set state = 'draft', reviewer = null, reviewed_at = null, effective_from = null, version = version + 1, changed_at = now()
    where id = $1 and version = $2 and state in ('submitted', 'approved', 'rejected')
    returning *
), told as (
    insert into cim.changeset_event (changeset_id, action, actor, detail)
    select id, 'withdraw', $3, '{}' from moved
)
select id, city_code, title, state, author, base_rev, op_count, version, opens_outline, created_at, changed_at, submitted_at,
       reviewer, reviewed_at, effective_from, doc_no, impact, rev, pg_current_xact_id()::text as xid
from moved
