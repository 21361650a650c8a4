-- All accounts by name.
select id, name, display_name, role, areas, departments, clearance, state, valid_from, valid_until, password_hash,
       totp_secret, totp_step, is_demo, identity
from cim.account order by name
