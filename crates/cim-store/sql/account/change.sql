-- Gives the account $1 the display name $2 and the state $3, where they are given, and tells the audit log that $4 did it. Who
-- has no way to sign in yet is invited and not active; the sessions of who is suspended end.
with changed as (
    update cim.account
    set display_name = coalesce($2::text, display_name),
        state = case
            when $3::text is null then state
            when $3 = 'active' and password_hash is null and identity is null then 'invited'
            else $3
        end,
        changed_at = now()
    where name = $1
    returning *
), ended as (
    delete from cim.session where account_id in (select id from changed where state = 'suspended')
)
select id, cim.append_audit($4, 'change_account', name, jsonb_build_object('state', state)::text) as seq from changed
