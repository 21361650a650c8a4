-- Begins a revision. $1 city, $2 parent, $3 kind, $4 finest level, $5 the day from which it holds, $6 whether it holds at once,
-- $7 actor, $8 reason, $9 number of the decision, $10 hash of the state, $11 the draft it comes from.
insert into cim.revision
    (rev, parent, city_code, kind, clean, base_level, published_at, effective_from, activated_at, actor, reason, doc_no,
     state_hash, changeset_id)
select coalesce(max(rev), 0) + 1, $2, $1, $3, true, $4, clock_timestamp(), $5, case when $6 then clock_timestamp() end,
       $7, $8, $9, $10, $11
from cim.revision
returning rev
