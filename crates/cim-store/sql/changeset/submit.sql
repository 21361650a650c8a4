-- Gives a draft to be reviewed. $1 draft, $2 version read, $3 what changes hands, $4 actor.
with moved as (
    update cim.changeset
    set state = 'submitted', submitted_at = now(), impact = $3, reviewer = null, reviewed_at = null, version = version + 1, changed_at = now()
    where id = $1 and version = $2 and state in ('draft', 'rejected')
    returning *
), told as (
    insert into cim.changeset_event (changeset_id, action, actor, detail)
    select id, 'submit', $4, jsonb_build_object('op_count', op_count, 'base_rev', base_rev) from moved
)
select id, city_code, title, state, author, base_rev, op_count, version, opens_outline, created_at, changed_at, submitted_at,
       reviewer, reviewed_at, effective_from, doc_no, impact, rev, pg_current_xact_id()::text as xid
from moved
