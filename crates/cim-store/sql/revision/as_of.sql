-- The revision of city $1 that held on day $2 as far as was known at $3.
select rev, parent, city_code, kind, clean, base_level, published_at, effective_from, activated_at, actor, reason, doc_no,
       state_hash, changeset_id
from cim.revision
where city_code = $1 and effective_from <= $2 and published_at <= $3
order by rev desc limit 1
