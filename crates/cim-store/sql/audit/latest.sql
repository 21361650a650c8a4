-- Rows of the audit log before $1, the latest first, at most $2.
select seq, at, actor, action, subject, detail, prev_hash, hash from cim.audit where seq < $1 order by seq desc limit $2
