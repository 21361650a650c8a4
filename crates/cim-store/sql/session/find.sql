-- The session of the digest $1 and its account.
select session.created_at, session.seen_at, account.id, account.name, account.display_name, account.role, account.areas,
       account.departments, account.clearance, account.state, account.valid_from, account.valid_until,
       account.password_hash, account.totp_secret, account.totp_step, account.is_demo, account.identity,
       session.has_second_factor
from cim.session join cim.account on account.id = session.account_id
where session.digest = $1
