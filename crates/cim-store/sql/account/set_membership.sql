-- Gives the account $1 the role $2, areas $3, departments $4, clearance $5, state $6, first day $7 and first day after $8,
-- ends its sessions, and tells the audit log that $9 did it.
with changed as (
    update cim.account
    set role = $2, areas = $3, departments = $4, clearance = $5, state = $6, valid_from = $7, valid_until = $8,
        changed_at = now()
    where name = $1
    returning *
), ended as (
    delete from cim.session where account_id in (select id from changed)
)
select id, cim.append_audit($9, 'set_membership', name, jsonb_build_object(
    'role', role, 'areas', areas, 'departments', departments, 'clearance', clearance, 'state', state,
    'valid_from', valid_from, 'valid_until', valid_until
)::text) as seq
from changed
