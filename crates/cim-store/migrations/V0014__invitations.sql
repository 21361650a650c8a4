-- Invitations, with which somebody chooses a password once, and identities at the district's own sign-in.

create table cim.invitation (
    account_id bigint not null,
    digest bytea not null,
    expires_at timestamptz not null,
    constraint invitation_pkey primary key (account_id),
    constraint invitation_digest unique (digest),
    constraint invitation_digest_sha256 check (octet_length(digest) = 32),
    constraint invitation_account foreign key (account_id) references cim.account (id) on delete cascade
);
comment on table cim.invitation is 'Links with which a password is chosen once; the key itself is only in the link.';
comment on column cim.invitation.account_id is 'Whose password; an account has one invitation at most.';
comment on column cim.invitation.digest is 'SHA-256 of the key in the link.';
comment on column cim.invitation.expires_at is 'When it holds no longer.';

alter table cim.account add column identity text;
alter table cim.account add constraint account_identity unique (identity);
comment on column cim.account.identity is 'Who it is at the identity provider, as issuer and subject; null for who signs in here.';

alter table cim.session add column has_second_factor boolean not null default false;
comment on column cim.session.has_second_factor is 'Whether the identity provider asked for a second factor.';
