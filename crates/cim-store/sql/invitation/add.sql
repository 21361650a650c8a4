-- Invites the account $1 under the digest $2 until $3, in the place of an invitation there was, and tells the audit log that
-- $4 did it.
with invited as (
    insert into cim.invitation (account_id, digest, expires_at)
    select id, $2, $3 from cim.account where name = $1
    on conflict (account_id) do update set digest = excluded.digest, expires_at = excluded.expires_at
    returning account_id
)
select account.role, cim.append_audit($4, 'invite', account.name, '{}') as seq
from invited join cim.account on account.id = invited.account_id
