-- The schema, the record of loads, and the change feed that mirrors follow: state, not events. Every mirrored table logs
-- the ids that a statement touched, with the transaction that did it; a mirror that knows snapshot S asks for the ids of
-- the transactions that S did not see and reads the rows as they are now.
-- No transaction number is stored in any other table: after a crash or a restore numbers may be given out again.

create extension if not exists postgis;
create extension if not exists btree_gist;
create schema cim;
comment on schema cim is 'The city: its places, people, work and boundaries, and the change feed over them.';

create table cim.change (
    xid xid8 not null default pg_current_xact_id(),
    collection text not null,
    id bigint,
    logged_at timestamptz not null default now()
);
create index change_xid on cim.change (xid);
comment on table cim.change is 'Which rows of mirrored tables were written by which transaction; left out of backups, pruned after days.';
comment on column cim.change.xid is 'The transaction that wrote.';
comment on column cim.change.collection is 'The collection that was written.';
comment on column cim.change.id is 'The row that was written; null when so many were written that the collection is read again.';
comment on column cim.change.logged_at is 'When that transaction began; for pruning only.';

create table cim.feed_state (
    one boolean not null default true,
    pruned_below xid8 not null default '0',
    constraint feed_state_pkey primary key (one),
    constraint feed_state_one_row check (one)
);
insert into cim.feed_state default values;
comment on table cim.feed_state is 'One row: how far back the change log reaches.';
comment on column cim.feed_state.one is 'Always true: there is one row.';
comment on column cim.feed_state.pruned_below is 'Changes of transactions below this one may have been pruned: an older mirror reads everything again.';

-- PostgreSQL empties an unlogged table when it recovers from a crash or promotes a standby: exactly when transaction
-- numbers that were seen may be given out again.
create unlogged table cim.epoch (
    one boolean not null default true,
    name uuid not null default gen_random_uuid(),
    constraint epoch_pkey primary key (one),
    constraint epoch_one_row check (one)
);
comment on table cim.epoch is 'One row or none: the period within which transaction numbers mean the same; emptied by a crash.';
comment on column cim.epoch.one is 'Always true: there is at most one row.';
comment on column cim.epoch.name is 'The name of the period, part of every resume token.';

create table cim.load (
    id bigint generated always as identity,
    source text not null,
    city_code text not null,
    city_name text not null,
    synthetic boolean not null,
    actor text,
    loaded_at timestamptz not null default now(),
    counts jsonb not null default '{}',
    constraint load_pkey primary key (id),
    constraint load_counts_object check (jsonb_typeof(counts) = 'object')
);
comment on table cim.load is 'Every load that changed something: where the data come from.';
comment on column cim.load.id is 'Its number.';
comment on column cim.load.source is 'The name of the pack or file.';
comment on column cim.load.city_code is 'The division code of the city it belongs to.';
comment on column cim.load.city_name is 'The name of that city.';
comment on column cim.load.synthetic is 'Whether the data are made up and must be marked so wherever they are shown.';
comment on column cim.load.actor is 'Who loaded.';
comment on column cim.load.loaded_at is 'When it was loaded.';
comment on column cim.load.counts is 'Rows loaded, changed, unchanged and removed by collection.';
