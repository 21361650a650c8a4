-- The name of the account that is invited under the digest $1.
select account.name
from cim.invitation join cim.account on account.id = invitation.account_id
where invitation.digest = $1 and invitation.expires_at > now()
