-- Drafts before $1, the latest first, at most $2; of state $3 and author $4 where they are given.
select id, city_code, title, state, author, base_rev, op_count, version, opens_outline, created_at, changed_at, submitted_at,
       reviewer, reviewed_at, effective_from, doc_no, null::jsonb as impact, rev, null::text as xid
from cim.changeset
where id < $1 and ($3::text is null or state = $3) and ($4::text is null or author = $4)
order by id desc limit $2
