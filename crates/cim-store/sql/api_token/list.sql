-- The tokens of the account named $1 that were not revoked, the latest first.
select api_token.id, title, actions, api_token.created_at, expires_at, used_at
from cim.api_token join cim.account on account.id = api_token.account_id
where account.name = $1 and revoked_at is null order by api_token.created_at desc, api_token.id
