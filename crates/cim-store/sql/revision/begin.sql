-- Begins a revision. $1 city, $2 parent, $3 kind, $4 finest level, $5 the day from which it holds,
-- $6 actor, $7 reason, $8 number of the decision, $9 hash of the state, $10 the draft it comes from. It is not shown yet.
insert into cim.revision
    (rev, parent, city_code, kind, clean, base_level, published_at, effective_from, actor, reason, doc_no,
     state_hash, changeset_id)
select coalesce(max(rev), 0) + 1, $2, $1, $3, true, $4, clock_timestamp(), $5, $6, $7, $8, $9, $10
from cim.revision
returning rev
