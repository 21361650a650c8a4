-- Revokes the token $1, of the account $2 where that is given; tells the audit log that $3 did it.
with revoked as (
    update cim.api_token set revoked_at = now()
    where id = $1 and revoked_at is null
      and ($2::text is null or account_id = (select id from cim.account where name = $2))
    returning *
)
select id, cim.append_audit($3, 'revoke_token', id, '{}') as seq from revoked
