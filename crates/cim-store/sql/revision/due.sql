-- The latest revision of city $1 that does not hold yet although its day, at the latest $2, has come.
select rev, parent, city_code, kind, clean, base_level, published_at, effective_from, activated_at, actor, reason, doc_no,
       state_hash, changeset_id
from cim.revision where city_code = $1 and activated_at is null and effective_from <= $2 order by rev desc limit 1
