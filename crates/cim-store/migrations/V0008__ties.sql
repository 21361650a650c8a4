-- Ties: where every case, finding and camera belongs, worked out in the transaction that writes it or moves a border.

create table cim.tie (
    collection text not null,
    row_id bigint not null,
    state text not null,
    reason text,
    method text,
    accuracy_m double precision,
    micro_grid_code text,
    comprehensive_grid_code text,
    exclusive_grid_code text,
    village_code text,
    town_code text,
    building_code text,
    building_distance_m double precision,
    address_code text,
    address_distance_m double precision,
    revision bigint,
    accepted jsonb,
    tied_at timestamptz not null default now(),
    constraint tie_pkey primary key (collection, row_id),
    constraint tie_collection_known check (collection in ('case', 'finding', 'camera')),
    constraint tie_state_known check (state in ('tied', 'failed', 'not_needed')),
    constraint tie_reason_known check (reason in ('no_position', 'text_not_found', 'outside_the_city')),
    constraint tie_reason_with_failure check ((state = 'failed') = (reason is not null)),
    constraint tie_accepted_object check (jsonb_typeof(accepted) = 'object')
);
create index tie_failed on cim.tie (collection, row_id) where state = 'failed';
create index tie_micro_grid_code on cim.tie (micro_grid_code);
create index tie_comprehensive_grid_code on cim.tie (comprehensive_grid_code);
create index tie_exclusive_grid_code on cim.tie (exclusive_grid_code) where exclusive_grid_code is not null;
create index tie_village_code on cim.tie (village_code);
create index tie_town_code on cim.tie (town_code);
create index tie_building_code on cim.tie (building_code);
create index tie_address_code on cim.tie (address_code);
comment on table cim.tie is 'Where each case, finding and camera belongs: its units, building and address now, and the units it was accepted under.';
comment on column cim.tie.collection is 'The collection of the tied row.';
comment on column cim.tie.row_id is 'Its id there.';
comment on column cim.tie.state is 'tied; failed, and somebody must look at it; or not_needed, for cases without a place.';
comment on column cim.tie.reason is 'Why it could not be tied.';
comment on column cim.tie.method is 'How its place was found, as its source says.';
comment on column cim.tie.accuracy_m is 'How far its real place may be, in metres.';
comment on column cim.tie.micro_grid_code is 'The micro grid that covers it; the lowest code on a border.';
comment on column cim.tie.comprehensive_grid_code is 'The comprehensive grid.';
comment on column cim.tie.exclusive_grid_code is 'The exclusive grid over it.';
comment on column cim.tie.village_code is 'The village.';
comment on column cim.tie.town_code is 'The town.';
comment on column cim.tie.building_code is 'The building that covers it, else the nearest within 10 m.';
comment on column cim.tie.building_distance_m is 'How far that building is, in metres.';
comment on column cim.tie.address_code is 'The nearest address within 30 m.';
comment on column cim.tie.address_distance_m is 'How far that address is, in metres.';
comment on column cim.tie.revision is 'The boundary revision under which its tie was last written; later ones changed nothing of it.';
comment on column cim.tie.accepted is 'Its units and their revision when it was accepted; never changed after.';
comment on column cim.tie.tied_at is 'When it was tied last.';
