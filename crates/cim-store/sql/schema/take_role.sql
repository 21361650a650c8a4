-- Steps down to the role $1, where the database has it and lets us, and ends statements after $2 milliseconds.
select set_config('role', coalesce((
        select rolname from pg_roles where rolname = $1 and pg_has_role(session_user, oid, 'member')
    ), 'none'), false),
    set_config('statement_timeout', $2, false),
    set_config('lock_timeout', $2, false),
    set_config('idle_in_transaction_session_timeout', '60000', false)
