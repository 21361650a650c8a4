-- Undoes or does again: $3 operations hold from now on. $1 draft, $2 version read.
with moved as (
    update cim.changeset
    set op_count = $3, state = 'draft', version = version + 1, changed_at = now()
    where id = $1 and version = $2 and state in ('draft', 'rejected')
      and $3 <= (select count(*) from cim.changeset_op where changeset_id = $1)
    returning *
)
select id, city_code, title, state, author, base_rev, op_count, version, opens_outline, created_at, changed_at, submitted_at,
       reviewer, reviewed_at, effective_from, doc_no, impact, rev, pg_current_xact_id()::text as xid
from moved
