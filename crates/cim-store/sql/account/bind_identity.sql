-- Binds the account $1 to the identity $2, if it was invited and has neither a password nor an identity, and makes it active;
-- tells the audit log.
with bound as (
    update cim.account set identity = $2, state = 'active', changed_at = now()
    where name = $1 and state = 'invited' and password_hash is null and identity is null
    returning *
), taken as (
    delete from cim.invitation where account_id in (select id from bound)
)
select id, cim.append_audit(name, 'bind_identity', name, '{}') as seq from bound
