-- Ends the session of the digest $1 and tells the audit log.
with ended as (
    delete from cim.session where digest = $1 returning account_id
)
select cim.append_audit(account.name, 'sign_out', account.name, '{}') as seq
from ended join cim.account on account.id = ended.account_id
