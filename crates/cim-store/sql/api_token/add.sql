-- Adds the token $1 of the account named $2: digest $3, title $4, actions $5, end $6; tells the audit log that $7 did it.
with added as (
    insert into cim.api_token (id, account_id, digest, title, actions, expires_at)
    select $1, id, $3, $4, $5, $6 from cim.account where name = $2
    returning *
)
select id, cim.append_audit($7, 'add_token', id, jsonb_build_object(
    'account', $2::text, 'title', title, 'actions', actions, 'expires_at', expires_at
)::text) as seq
from added
