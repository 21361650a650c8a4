-- The draft $1, held until the transaction ends.
select id, city_code, title, state, author, base_rev, op_count, version, opens_outline, created_at, changed_at, submitted_at,
       reviewer, reviewed_at, effective_from, doc_no, impact, rev, null::text as xid
from cim.changeset where id = $1 for no key update
