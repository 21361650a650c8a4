-- The earliest revision that does not hold yet although its day, at the latest $1, has come.
select rev, parent, city_code, kind, clean, base_level, published_at, effective_from, activated_at, actor, reason, doc_no,
       state_hash, changeset_id
from cim.revision where activated_at is null and effective_from <= $1 order by rev limit 1
