-- Rows of the audit log after $1, the oldest first, at most $2.
select seq, at, actor, action, subject, detail, prev_hash, hash from cim.audit where seq > $1 order by seq limit $2
