-- Adds an account and tells the audit log. $1 name, $2 display name, $3 role, $4 areas, $5 departments, $6 clearance,
-- $7 state, $8 first day, $9 first day after, $10 password hash, $11 whether a demo made it, $12 who adds it.
with added as (
    insert into cim.account (
        name, display_name, role, areas, departments, clearance, state, valid_from, valid_until, password_hash, is_demo
    )
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    returning *
)
select id, cim.append_audit($12, 'add_account', name, jsonb_build_object(
    'role', role, 'areas', areas, 'departments', departments, 'clearance', clearance, 'state', state
)::text) as seq
from added
