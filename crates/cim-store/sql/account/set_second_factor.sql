-- Gives the account $1 the second factor $2, or takes it away where null, with $3 as its last used step; tells the audit log
-- that $4 did it.
with changed as (
    update cim.account set totp_secret = $2, totp_step = $3, changed_at = now() where name = $1 returning *
)
select id, cim.append_audit($4, 'set_second_factor', name, jsonb_build_object('enrolled', totp_secret is not null)::text) as seq
from changed
