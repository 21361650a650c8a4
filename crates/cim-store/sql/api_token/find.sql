-- The token $1 and its account, unless it was revoked.
select api_token.digest, api_token.actions, api_token.expires_at, account.id, account.name, account.display_name,
       account.role, account.areas, account.departments, account.clearance, account.state, account.valid_from,
       account.valid_until, account.password_hash, account.totp_secret, account.totp_step, account.is_demo,
       account.identity
from cim.api_token join cim.account on account.id = api_token.account_id
where api_token.id = $1 and api_token.revoked_at is null
