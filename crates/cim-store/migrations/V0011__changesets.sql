-- Drafts of boundaries: logs of operations on a revision, their review and their publication; and what became of which unit.

alter table cim.revision add column activated_at timestamptz;
alter table cim.revision add column changeset_id bigint;
update cim.revision set activated_at = published_at;
create index revision_pending on cim.revision (city_code, effective_from) where activated_at is null;
create index revision_changeset_id on cim.revision (changeset_id);
comment on column cim.revision.activated_at is 'Since when maps and answers show it; null until the day from which it holds.';
comment on column cim.revision.changeset_id is 'The draft it was published from; null for loads.';

-- The level that an arc bounds follows from the units of its two faces: stored, it would be rewritten with every grid that
-- gets another parent, along all of its border.
alter table cim.arc drop column level;

-- What a revision wrote and ended, without a walk through all others.
create index arc_begun on cim.arc (lower(rev), city_code);
create index arc_ended on cim.arc (upper(rev), city_code);
create index node_begun on cim.node (lower(rev), city_code);
create index node_ended on cim.node (upper(rev), city_code);
create index face_begun on cim.face (lower(rev), city_code);
create index face_ended on cim.face (upper(rev), city_code);
create index unit_begun on cim.unit (lower(rev), city_code);
create index unit_ended on cim.unit (upper(rev), city_code);

create table cim.changeset (
    id bigint generated always as identity,
    city_code text not null,
    title text not null,
    state text not null default 'draft',
    author text not null,
    base_rev integer not null,
    op_count integer not null default 0,
    version integer not null default 1,
    opens_outline boolean not null default false,
    created_at timestamptz not null default now(),
    changed_at timestamptz not null default now(),
    submitted_at timestamptz,
    reviewer text,
    reviewed_at timestamptz,
    effective_from date,
    doc_no text,
    impact jsonb,
    rev integer,
    constraint changeset_pkey primary key (id),
    constraint changeset_base_rev foreign key (base_rev) references cim.revision (rev),
    constraint changeset_rev foreign key (rev) references cim.revision (rev),
    constraint changeset_state_known check (
        state in ('draft', 'submitted', 'approved', 'rejected', 'published', 'abandoned')
    ),
    constraint changeset_title_given check (btrim(title) <> ''),
    constraint changeset_author_given check (btrim(author) <> ''),
    constraint changeset_reviewed_by_another check (reviewer <> author),
    constraint changeset_published_has_revision check ((state = 'published') = (rev is not null)),
    constraint changeset_approved_has_date check (state not in ('approved', 'published') or effective_from is not null)
);
create index changeset_base_rev on cim.changeset (base_rev);
create index changeset_rev on cim.changeset (rev);
create index changeset_city_code on cim.changeset (city_code, state, id);
alter table cim.revision add constraint revision_changeset foreign key (changeset_id) references cim.changeset (id);
comment on table cim.changeset is 'Drafts of boundaries, each a log of operations on a published state.';
comment on column cim.changeset.id is 'Its number.';
comment on column cim.changeset.city_code is 'The division code of the city whose boundaries it changes.';
comment on column cim.changeset.title is 'What it is for, in one line.';
comment on column cim.changeset.state is 'How far it has come.';
comment on column cim.changeset.author is 'Who drew it.';
comment on column cim.changeset.base_rev is 'The published state that its operations begin from.';
comment on column cim.changeset.op_count is 'How many of its operations hold; those after them were undone.';
comment on column cim.changeset.version is 'Rises with every write: a writer names the version that was read.';
comment on column cim.changeset.opens_outline is 'Whether it may move the outline of the city.';
comment on column cim.changeset.created_at is 'When it was begun.';
comment on column cim.changeset.changed_at is 'When it was last written.';
comment on column cim.changeset.submitted_at is 'When it was given to be reviewed.';
comment on column cim.changeset.reviewer is 'Who approved or rejected it: never its author.';
comment on column cim.changeset.reviewed_at is 'When that was.';
comment on column cim.changeset.effective_from is 'The day from which it is to hold.';
comment on column cim.changeset.doc_no is 'The number of the decision it rests on.';
comment on column cim.changeset.impact is 'What changes hands, as it was when it was submitted: kept as evidence.';
comment on column cim.changeset.rev is 'The revision it became.';

create table cim.changeset_op (
    changeset_id bigint not null,
    seq integer not null,
    operation jsonb not null,
    actor text not null,
    at timestamptz not null default now(),
    constraint changeset_op_pkey primary key (changeset_id, seq),
    constraint changeset_op_changeset foreign key (changeset_id) references cim.changeset (id) on delete cascade,
    constraint changeset_op_seq_from_one check (seq >= 1)
);
comment on table cim.changeset_op is 'The operations of drafts, in order.';
comment on column cim.changeset_op.changeset_id is 'The draft.';
comment on column cim.changeset_op.seq is 'Its place, from 1.';
comment on column cim.changeset_op.operation is 'What was meant, units by number; codes that are issued for it are not written into it.';
comment on column cim.changeset_op.actor is 'Who did it.';
comment on column cim.changeset_op.at is 'When.';

create table cim.changeset_comment (
    id bigint generated always as identity,
    changeset_id bigint not null,
    actor text not null,
    at timestamptz not null default now(),
    text text not null,
    geom geometry(Point, 4490),
    arc_id bigint,
    unit_id bigint,
    constraint changeset_comment_pkey primary key (id),
    constraint changeset_comment_changeset foreign key (changeset_id) references cim.changeset (id) on delete cascade,
    constraint changeset_comment_text_given check (btrim(text) <> '')
);
create index changeset_comment_changeset_id on cim.changeset_comment (changeset_id, id);
create index changeset_comment_geom on cim.changeset_comment using gist (geom);
comment on table cim.changeset_comment is 'What reviewers and authors say about a draft, pinned to places.';
comment on column cim.changeset_comment.id is 'Its number.';
comment on column cim.changeset_comment.changeset_id is 'The draft.';
comment on column cim.changeset_comment.actor is 'Who said it.';
comment on column cim.changeset_comment.at is 'When.';
comment on column cim.changeset_comment.text is 'What was said.';
comment on column cim.changeset_comment.geom is 'The place it is about (EPSG:4490).';
comment on column cim.changeset_comment.arc_id is 'The arc it is about; negative for one of the draft.';
comment on column cim.changeset_comment.unit_id is 'The unit it is about; negative for one of the draft.';

create table cim.changeset_event (
    id bigint generated always as identity,
    changeset_id bigint not null,
    action text not null,
    actor text not null,
    at timestamptz not null default now(),
    detail jsonb not null default '{}',
    constraint changeset_event_pkey primary key (id),
    constraint changeset_event_changeset foreign key (changeset_id) references cim.changeset (id),
    constraint changeset_event_action_known check (
        action in (
            'create', 'rebase', 'submit', 'withdraw', 'approve', 'reject', 'publish', 'abandon'
        )
    )
);
create index changeset_event_changeset_id on cim.changeset_event (changeset_id, id);
comment on table cim.changeset_event is 'Who did what with a draft: rows are added, never changed.';
comment on column cim.changeset_event.id is 'Its number.';
comment on column cim.changeset_event.changeset_id is 'The draft.';
comment on column cim.changeset_event.action is 'What was done.';
comment on column cim.changeset_event.actor is 'Who did it.';
comment on column cim.changeset_event.at is 'When.';
comment on column cim.changeset_event.detail is 'With what: the effective date, the reason, the revision.';

create table cim.lineage (
    rev integer not null,
    kind text not null,
    from_unit bigint not null,
    to_unit bigint not null,
    area_share double precision,
    constraint lineage_pkey primary key (rev, from_unit, to_unit, kind),
    constraint lineage_rev foreign key (rev) references cim.revision (rev),
    constraint lineage_kind_known check (
        kind in ('split', 'merge', 'carve', 'reparent', 'recode', 'rename', 'retire', 'reshape')
    ),
    constraint lineage_area_share_is_part check (area_share between 0 and 1)
);
create index lineage_from_unit on cim.lineage (from_unit);
create index lineage_to_unit on cim.lineage (to_unit);
comment on table cim.lineage is 'What became of which unit with which revision.';
comment on column cim.lineage.rev is 'The revision.';
comment on column cim.lineage.kind is 'What happened.';
comment on column cim.lineage.from_unit is 'The unit that was there, in cim.unit.';
comment on column cim.lineage.to_unit is 'The unit that is there, in cim.unit; the same where a unit goes on.';
comment on column cim.lineage.area_share is 'The part of the old unit''s ground that the other has now.';
