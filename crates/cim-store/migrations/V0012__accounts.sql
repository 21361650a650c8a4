-- Accounts: who may sign in and what each may see, sessions and tokens, and the log of what was done.

create table cim.account (
    id bigint generated always as identity,
    name text not null,
    display_name text not null,
    role text not null,
    areas text[],
    departments text[],
    clearance text not null default 'open',
    state text not null default 'active',
    valid_from date,
    valid_until date,
    password_hash text,
    totp_secret text,
    totp_step bigint,
    is_demo boolean not null default false,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    constraint account_pkey primary key (id),
    constraint account_name unique (name),
    constraint account_name_plain check (name ~ '^[a-z][a-z0-9._-]{0,62}$'),
    constraint account_display_name_given check (btrim(display_name) <> ''),
    constraint account_role_known check (
        role in ('viewer', 'operator', 'officer', 'planner', 'commander', 'system_admin', 'security_admin', 'auditor')
    ),
    constraint account_clearance_known check (clearance in ('open', 'secret')),
    constraint account_state_known check (state in ('invited', 'active', 'suspended')),
    constraint account_dates_in_order check (valid_from < valid_until)
);
comment on table cim.account is 'People and systems that may sign in, each with one role and a reach.';
comment on column cim.account.id is 'Its number.';
comment on column cim.account.display_name is 'How people call whoever it is.';
comment on column cim.account.role is 'What it may do, by the policy of `cim_access`.';
comment on column cim.account.state is 'invited, active or suspended; that it has run out follows from valid_until.';
comment on column cim.account.valid_from is 'The first day on which it holds; null for ever.';
comment on column cim.account.created_at is 'When it was added.';
comment on column cim.account.changed_at is 'When role, reach, state, password or second factor was last changed.';
comment on column cim.account.name is 'What is typed to sign in: lower-case letters, digits, dots, dashes.';
comment on column cim.account.areas is 'Codes of the towns it sees; null for all.';
comment on column cim.account.departments is 'Codes of the departments whose work it sees; null for all.';
comment on column cim.account.clearance is 'Whether it sees secret cameras.';
comment on column cim.account.valid_until is 'The first day on which it holds no longer.';
comment on column cim.account.password_hash is 'Argon2id, as a PHC string; null until a password is chosen.';
comment on column cim.account.totp_secret is 'The base32 secret of the second factor; null where none was enrolled.';
comment on column cim.account.totp_step is 'The last step of the second factor that was used, which is not taken again.';
comment on column cim.account.is_demo is 'Made by a demo, with a printed password: refused wherever other machines reach the server.';

create table cim.session (
    digest bytea not null,
    account_id bigint not null,
    created_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    constraint session_pkey primary key (digest),
    constraint session_digest_sha256 check (octet_length(digest) = 32),
    constraint session_account foreign key (account_id) references cim.account (id) on delete cascade
);
create index session_account_id on cim.session (account_id);
comment on table cim.session is 'Sign-ins that hold; the id itself is only in the cookie of the browser.';
comment on column cim.session.account_id is 'Whose it is.';
comment on column cim.session.created_at is 'When it was begun.';
comment on column cim.session.digest is 'SHA-256 of the session id.';
comment on column cim.session.seen_at is 'When it was last used, to the minute.';

create table cim.api_token (
    id text not null,
    account_id bigint not null,
    digest bytea not null,
    title text not null,
    actions text[] not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz,
    constraint api_token_pkey primary key (id),
    constraint api_token_digest_sha256 check (octet_length(digest) = 32),
    constraint api_token_account foreign key (account_id) references cim.account (id) on delete cascade,
    constraint api_token_title_given check (btrim(title) <> ''),
    constraint api_token_lives_a_year check (expires_at <= created_at + interval '366 days')
);
create index api_token_account_id on cim.api_token (account_id);
comment on table cim.api_token is 'Keys of programs, each with part of what its owner may do and an end.';
comment on column cim.api_token.account_id is 'Whose it is.';
comment on column cim.api_token.title is 'What it is for.';
comment on column cim.api_token.created_at is 'When it was made.';
comment on column cim.api_token.expires_at is 'Its end, at most a year later.';
comment on column cim.api_token.used_at is 'When it was last used, to the minute; null when never.';
comment on column cim.api_token.revoked_at is 'When it was revoked; null while it holds.';
comment on column cim.api_token.id is 'The part of the token that may be shown.';
comment on column cim.api_token.digest is 'SHA-256 of the secret part.';
comment on column cim.api_token.actions is 'The actions that its owner left it.';

create table cim.sign_in_failure (
    name text not null,
    at timestamptz not null default now()
);
create index sign_in_failure_name on cim.sign_in_failure (name, at);
comment on table cim.sign_in_failure is 'Wrong passwords since the last right one, by the name that was typed.';
comment on column cim.sign_in_failure.name is 'The name that was typed, whether there is such an account or not.';
comment on column cim.sign_in_failure.at is 'When.';

create table cim.audit (
    seq bigint not null,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail text not null,
    prev_hash bytea not null,
    hash bytea not null,
    constraint audit_pkey primary key (seq)
);
comment on table cim.audit is 'What was done by whom: rows are only added, and each carries the hash of the row before it.';
comment on column cim.audit.at is 'When.';
comment on column cim.audit.actor is 'By whom.';
comment on column cim.audit.action is 'What, mostly an action of the policy.';
comment on column cim.audit.subject is 'To what.';
comment on column cim.audit.prev_hash is 'The hash of the row before; zeros for the first.';
comment on column cim.audit.seq is 'From 1 without gaps.';
comment on column cim.audit.detail is 'JSON as it was hashed; never a value of personal data.';
comment on column cim.audit.hash is 'SHA-256 as `cim_access::audit_chain` works it out.';

create function cim.refuse_audit_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'rows of the audit log are only added' using errcode = 'insufficient_privilege';
end
$$;
comment on function cim.refuse_audit_change() is 'Refuses whatever would change or remove rows of the audit log.';
create trigger audit_only_added before update or delete or truncate on cim.audit
    for each statement execute function cim.refuse_audit_change();
alter table cim.audit enable always trigger audit_only_added;
