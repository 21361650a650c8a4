-- The boundaries as they are stored: units, and one planar coverage of faces, arcs and nodes on the lattice of 1e-8 degree.
-- Every row holds for a range of revisions, so that each published state can be read again. When it takes effect and
-- when it was published are two dates of the revision (bitemporal). Polygons are derived (V0003), never stored twice.

create sequence cim.coverage_id;
comment on sequence cim.coverage_id is 'Numbers of units, faces, arcs and nodes; never given out twice.';

create table cim.revision (
    rev integer not null,
    parent integer,
    city_code text not null,
    kind text not null,
    clean boolean not null,
    base_level text not null,
    published_at timestamptz not null default now(),
    effective_from date not null default current_date,
    actor text,
    reason text,
    doc_no text,
    state_hash bytea not null,
    constraint revision_pkey primary key (rev),
    constraint revision_parent foreign key (parent) references cim.revision (rev),
    constraint revision_kind_known check (kind in ('load', 'publish', 'revert', 'correction')),
    constraint revision_state_hash_length check (length(state_hash) = 32)
);
create index revision_city_code on cim.revision (city_code, rev);
create index revision_parent on cim.revision (parent);
comment on table cim.revision is 'Published states of a city''s boundaries.';
comment on column cim.revision.rev is 'The number of the state, rising over all cities.';
comment on column cim.revision.parent is 'The state it followed.';
comment on column cim.revision.city_code is 'The division code of the city.';
comment on column cim.revision.kind is 'How it came about.';
comment on column cim.revision.clean is 'Whether the faces are an exact partition; otherwise editing is locked.';
comment on column cim.revision.base_level is 'The finest level, whose units the faces belong to.';
comment on column cim.revision.published_at is 'Since when it is known here.';
comment on column cim.revision.effective_from is 'The day from which it holds in the world.';
comment on column cim.revision.actor is 'Who published it.';
comment on column cim.revision.reason is 'Why.';
comment on column cim.revision.doc_no is 'The number of the decision it rests on.';
comment on column cim.revision.state_hash is 'SHA-256 over all units and borders in canonical order: equal states have equal hashes.';

create table cim.unit (
    id bigint not null,
    rev int4range not null,
    city_code text not null,
    level text not null,
    code text not null,
    name text not null,
    kind text,
    urban_rural_class text,
    parent_id bigint,
    parent_code text,
    given_geom geometry(MultiPolygon, 4490),
    constraint unit_one_state_per_revision exclude using gist (id with =, rev with &&),
    constraint unit_level_known check (
        level in ('district', 'town', 'village', 'comprehensive_grid', 'exclusive_grid', 'micro_grid')
    ),
    constraint unit_given_geom_valid check (st_isvalid(given_geom))
);
create unique index unit_head_key on cim.unit (level, code) where upper_inf(rev);
create index unit_city_level_code on cim.unit (city_code, level, code);
create index unit_parent_id on cim.unit (parent_id);
create index unit_given_geom on cim.unit using gist (given_geom);
comment on table cim.unit is 'Districts, towns, villages and grids, as of each revision.';
comment on column cim.unit.id is 'The unit, the same through all its states.';
comment on column cim.unit.rev is 'The revisions for which this state holds.';
comment on column cim.unit.city_code is 'The division code of the city it was loaded with.';
comment on column cim.unit.level is 'Its level, which is also the name of its collection.';
comment on column cim.unit.code is 'Its code, unique in its level.';
comment on column cim.unit.name is 'Its name.';
comment on column cim.unit.kind is 'Its kind, where its level has kinds.';
comment on column cim.unit.urban_rural_class is 'The three-digit urban-rural class, for villages.';
comment on column cim.unit.parent_id is 'The unit it belongs to, of the nearest level above that is loaded.';
comment on column cim.unit.parent_code is 'The code of that unit.';
comment on column cim.unit.given_geom is 'Its polygons as given, in a city whose boundaries are not an exact partition.';

create table cim.face (
    id bigint not null,
    rev int4range not null,
    city_code text not null,
    base_unit bigint not null,
    overlay_unit bigint,
    constraint face_one_state_per_revision exclude using gist (id with =, rev with &&)
);
create unique index face_head on cim.face (id) where upper_inf(rev);
create index face_city_code on cim.face (city_code) where upper_inf(rev);
create index face_base_unit on cim.face (base_unit);
create index face_overlay_unit on cim.face (overlay_unit);
comment on table cim.face is 'Connected pieces of ground that belong to one unit of the finest level.';
comment on column cim.face.id is 'The face.';
comment on column cim.face.rev is 'The revisions for which this state holds.';
comment on column cim.face.city_code is 'The division code of the city.';
comment on column cim.face.base_unit is 'Its unit of the finest level, in cim.unit.';
comment on column cim.face.overlay_unit is 'The exclusive grid that lies over it, in cim.unit.';

create table cim.node (
    id bigint not null,
    rev int4range not null,
    city_code text not null,
    x bigint not null,
    y bigint not null,
    constraint node_one_state_per_revision exclude using gist (id with =, rev with &&),
    constraint node_within_world check (
        x between -18000000000 and 18000000000 and y between -9000000000 and 9000000000
    )
);
create unique index node_head on cim.node (id) where upper_inf(rev);
create unique index node_head_place on cim.node (city_code, x, y) where upper_inf(rev);
comment on table cim.node is 'Points where arcs meet.';
comment on column cim.node.id is 'The node.';
comment on column cim.node.rev is 'The revisions for which this state holds.';
comment on column cim.node.city_code is 'The division code of the city.';
comment on column cim.node.x is 'Longitude in 1e-8 degree.';
comment on column cim.node.y is 'Latitude in 1e-8 degree.';

create table cim.arc (
    id bigint not null,
    rev int4range not null,
    city_code text not null,
    level text not null,
    start_node bigint not null,
    end_node bigint not null,
    left_face bigint,
    right_face bigint,
    points bigint[] not null,
    constraint arc_one_state_per_revision exclude using gist (id with =, rev with &&),
    constraint arc_has_two_sides check (left_face is distinct from right_face),
    constraint arc_points_paired check (cardinality(points) >= 4 and cardinality(points) % 2 = 0)
);
create unique index arc_head on cim.arc (id) where upper_inf(rev);
create index arc_city_code on cim.arc (city_code) where upper_inf(rev);
create index arc_start_node on cim.arc (start_node);
create index arc_end_node on cim.arc (end_node);
create index arc_left_face on cim.arc (left_face);
create index arc_right_face on cim.arc (right_face);
comment on table cim.arc is 'Borders between two faces, each stored once.';
comment on column cim.arc.id is 'The arc.';
comment on column cim.arc.rev is 'The revisions for which this state holds.';
comment on column cim.arc.city_code is 'The division code of the city.';
comment on column cim.arc.level is 'The highest level whose units differ on its two sides; outline where one side is outside the city.';
comment on column cim.arc.start_node is 'The node it starts at.';
comment on column cim.arc.end_node is 'The node it ends at; the same for a closed loop.';
comment on column cim.arc.left_face is 'The face on the left hand from start to end; null outside the city.';
comment on column cim.arc.right_face is 'The face on the right hand; null outside the city.';
comment on column cim.arc.points is 'Its points, start and end included: longitude and latitude in turn, in 1e-8 degree.';

create table cim.admin_code (
    scheme text not null,
    code text not null,
    valid_from date not null,
    valid_to date,
    level text not null,
    name text not null,
    alias text,
    constraint admin_code_pkey primary key (scheme, code, valid_from),
    constraint admin_code_valid_in_order check (valid_to > valid_from),
    constraint admin_code_level_known check (level in ('district', 'town', 'village'))
);
create index admin_code_alias on cim.admin_code (scheme, alias);
comment on table cim.admin_code is 'Codes of administrative areas through time: old cases and camera ids keep theirs for ever.';
comment on column cim.admin_code.scheme is 'The system of codes, for example stats12; other systems use the same digits for other places.';
comment on column cim.admin_code.code is 'The code.';
comment on column cim.admin_code.valid_from is 'The day of the first list that has it.';
comment on column cim.admin_code.valid_to is 'The day from which it holds no longer; null while it holds.';
comment on column cim.admin_code.level is 'The level of the area.';
comment on column cim.admin_code.name is 'The name of the area in that list.';
comment on column cim.admin_code.alias is 'The current code of the same place, matched by town and name; null where none could be matched, and for current codes.';
