-- Goes on in this transaction as the role $1, where the database has it, and as cim_reveal with the case $2 alone in sight.
select set_config('cim.revealed_case', $2, true), set_config('role', rolname, true)
from pg_roles where rolname = $1 and pg_has_role(session_user, oid, 'member')
