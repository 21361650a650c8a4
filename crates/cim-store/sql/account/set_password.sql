-- Gives the account $1 the password hash $2, ends its sessions, and tells the audit log that $3 did it.
with changed as (
    update cim.account
    set password_hash = $2, state = case when state = 'invited' then 'active' else state end, changed_at = now()
    where name = $1
    returning *
), ended as (
    delete from cim.session where account_id in (select id from changed)
), forgiven as (
    delete from cim.sign_in_failure where name in (select name from changed)
)
select id, cim.append_audit($3, 'set_password', name, '{}') as seq from changed
