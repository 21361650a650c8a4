-- Personal data: who is behind a case, sealed under a key that the database does not hold.

create table cim.case_person (
    case_id bigint not null,
    field text not null,
    sealed bytea not null,
    masked text,
    digest bytea,
    key_id bytea not null,
    written_at timestamptz not null default now(),
    constraint case_person_pkey primary key (case_id, field),
    constraint case_person_case foreign key (case_id) references cim."case" (id) on delete cascade,
    constraint case_person_field_known check (
        field in ('name', 'phone', 'address', 'title', 'content', 'raw_location')
    ),
    constraint case_person_digest_sha256 check (octet_length(digest) = 32),
    constraint case_person_digest_of_phone check ((digest is not null) = (field = 'phone')),
    constraint case_person_key_id_short check (octet_length(key_id) = 8)
);
create index case_person_digest on cim.case_person (digest) where digest is not null;
comment on table cim.case_person is 'The person behind a case, and texts of the case before they were masked; sealed, read one case at a time.';
comment on column cim.case_person.case_id is 'The case.';
comment on column cim.case_person.field is 'What it is.';
comment on column cim.case_person.sealed is 'The value, as `cim_access::sealing` sealed it for this case and field.';
comment on column cim.case_person.masked is 'What everybody who sees the case may see of it; null for texts, which stand masked in the case.';
comment on column cim.case_person.digest is 'Of a telephone number: its keyed hash, by which the same number is found.';
comment on column cim.case_person.key_id is 'Names the key.';
comment on column cim.case_person.written_at is 'When.';

-- Whoever reads as cim_reveal has said which case: no statement of that role ever sees two.
alter table cim.case_person enable row level security;
create policy case_person_one_case on cim.case_person using (
    current_user <> 'cim_reveal'
    or case_id = nullif(current_setting('cim.revealed_case', true), '')::bigint
);
