-- Takes the invitation of the digest $1: its account gets the password hash $2 and its sessions end. Tells the audit log.
with taken as (
    delete from cim.invitation where digest = $1 and expires_at > now() returning account_id
), changed as (
    update cim.account
    set password_hash = $2, state = case when state = 'invited' then 'active' else state end, changed_at = now()
    where id in (select account_id from taken)
    returning *
), ended as (
    delete from cim.session where account_id in (select id from changed)
), forgiven as (
    delete from cim.sign_in_failure where name in (select name from changed)
)
select name, cim.append_audit(name, 'take_invitation', name, '{}') as seq from changed
