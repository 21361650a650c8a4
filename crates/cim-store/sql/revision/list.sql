-- Revisions before $1, of all cities or of $2, the latest first, at most $3.
select rev, parent, city_code, kind, clean, base_level, published_at, effective_from, activated_at, actor, reason, doc_no,
       state_hash, changeset_id
from cim.revision
where rev < $1 and ($2::text is null or city_code = $2)
order by rev desc limit $3
