-- Opens a session of account $1 under the digest $2, with a second factor at the provider or not ($3); the right password ends the count of wrong ones. Tells the audit log.
with opened as (
    insert into cim.session (digest, account_id, has_second_factor) values ($2, $1, $3) returning account_id
), forgiven as (
    delete from cim.sign_in_failure where name = (select name from cim.account where id = $1)
)
select cim.append_audit(account.name, 'sign_in', account.name, '{}') as seq
from opened join cim.account on account.id = opened.account_id
