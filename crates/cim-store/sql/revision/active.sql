-- The revision of city $1 that maps and answers show.
select rev, parent, city_code, kind, clean, base_level, published_at, effective_from, activated_at, actor, reason, doc_no,
       state_hash, changeset_id
from cim.revision where city_code = $1 and activated_at is not null order by rev desc limit 1
