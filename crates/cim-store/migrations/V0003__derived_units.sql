-- The polygons of every level, as maps and queries read them. They are derived from the coverage (V0002) and carry the
-- unit's own id; a trigger refuses every other writer, because a border moved here would tear from its neighbours.

create table cim.district (
    id bigint not null,
    code text not null,
    name text not null,
    geom geometry(MultiPolygon, 4490),
    constraint district_pkey primary key (id),
    constraint district_code_given check (code <> ''),
    constraint district_geom_finite check (
        not st_isempty(geom) and st_xmax(geom) - st_xmin(geom) <= 360 and st_ymax(geom) - st_ymin(geom) <= 180
    ),
    constraint district_geom_within_world check (
        st_xmin(geom) >= -180 and st_xmax(geom) <= 180 and st_ymin(geom) >= -90 and st_ymax(geom) <= 90
    ),
    constraint district_geom_valid check (st_isvalid(geom))
);
create unique index district_key on cim.district (code);
create index district_geom on cim.district using gist (geom);
comment on table cim.district is 'Districts (区): derived from the coverage, never written directly.';
comment on column cim.district.id is 'The unit in cim.unit.';
comment on column cim.district.code is 'The business key.';
comment on column cim.district.name is 'The name as shown.';
comment on column cim.district.geom is 'The polygons of its faces (EPSG:4490); null for a unit without ground.';

create table cim.town (
    id bigint not null,
    code text not null,
    name text not null,
    kind text,
    parent_code text,
    geom geometry(MultiPolygon, 4490),
    constraint town_pkey primary key (id),
    constraint town_code_given check (code <> ''),
    constraint town_kind_known check (kind in ('town', 'subdistrict', 'township', 'zone', 'farm', 'enclave')),
    constraint town_geom_finite check (
        not st_isempty(geom) and st_xmax(geom) - st_xmin(geom) <= 360 and st_ymax(geom) - st_ymin(geom) <= 180
    ),
    constraint town_geom_within_world check (
        st_xmin(geom) >= -180 and st_xmax(geom) <= 180 and st_ymin(geom) >= -90 and st_ymax(geom) <= 90
    ),
    constraint town_geom_valid check (st_isvalid(geom))
);
create unique index town_key on cim.town (code);
create index town_parent_code on cim.town (parent_code);
create index town_geom on cim.town using gist (geom);
comment on table cim.town is 'Towns, subdistricts and zones (镇街): derived from the coverage, never written directly.';
comment on column cim.town.id is 'The unit in cim.unit.';
comment on column cim.town.code is 'The business key.';
comment on column cim.town.name is 'The name as shown.';
comment on column cim.town.kind is 'The kind, one of a closed list where a rule says so.';
comment on column cim.town.parent_code is 'The code of the unit or class one level up that is loaded.';
comment on column cim.town.geom is 'The polygons of its faces (EPSG:4490); null for a unit without ground.';

create table cim.village (
    id bigint not null,
    code text not null,
    name text not null,
    kind text,
    urban_rural_class text,
    parent_code text,
    geom geometry(MultiPolygon, 4490),
    constraint village_pkey primary key (id),
    constraint village_code_given check (code <> ''),
    constraint village_kind_known check (kind in ('community', 'village', 'virtual')),
    constraint village_geom_finite check (
        not st_isempty(geom) and st_xmax(geom) - st_xmin(geom) <= 360 and st_ymax(geom) - st_ymin(geom) <= 180
    ),
    constraint village_geom_within_world check (
        st_xmin(geom) >= -180 and st_xmax(geom) <= 180 and st_ymin(geom) >= -90 and st_ymax(geom) <= 90
    ),
    constraint village_geom_valid check (st_isvalid(geom))
);
create unique index village_key on cim.village (code);
create index village_parent_code on cim.village (parent_code);
create index village_geom on cim.village using gist (geom);
comment on table cim.village is 'Villages and communities (村社区): derived from the coverage, never written directly.';
comment on column cim.village.id is 'The unit in cim.unit.';
comment on column cim.village.code is 'The business key.';
comment on column cim.village.name is 'The name as shown.';
comment on column cim.village.kind is 'The kind, one of a closed list where a rule says so.';
comment on column cim.village.urban_rural_class is 'The three-digit urban-rural class of the statistical code, for example 111 or 220.';
comment on column cim.village.parent_code is 'The code of the unit or class one level up that is loaded.';
comment on column cim.village.geom is 'The polygons of its faces (EPSG:4490); null for a unit without ground.';

create table cim.comprehensive_grid (
    id bigint not null,
    code text not null,
    name text not null,
    parent_code text,
    geom geometry(MultiPolygon, 4490),
    constraint comprehensive_grid_pkey primary key (id),
    constraint comprehensive_grid_code_given check (code <> ''),
    constraint comprehensive_grid_geom_finite check (
        not st_isempty(geom) and st_xmax(geom) - st_xmin(geom) <= 360 and st_ymax(geom) - st_ymin(geom) <= 180
    ),
    constraint comprehensive_grid_geom_within_world check (
        st_xmin(geom) >= -180 and st_xmax(geom) <= 180 and st_ymin(geom) >= -90 and st_ymax(geom) <= 90
    ),
    constraint comprehensive_grid_geom_valid check (st_isvalid(geom))
);
create unique index comprehensive_grid_key on cim.comprehensive_grid (code);
create index comprehensive_grid_parent_code on cim.comprehensive_grid (parent_code);
create index comprehensive_grid_geom on cim.comprehensive_grid using gist (geom);
comment on table cim.comprehensive_grid is 'Comprehensive grids (综合网格): derived from the coverage, never written directly.';
comment on column cim.comprehensive_grid.id is 'The unit in cim.unit.';
comment on column cim.comprehensive_grid.code is 'The business key.';
comment on column cim.comprehensive_grid.name is 'The name as shown.';
comment on column cim.comprehensive_grid.parent_code is 'The code of the unit or class one level up that is loaded.';
comment on column cim.comprehensive_grid.geom is 'The polygons of its faces (EPSG:4490); null for a unit without ground.';

create table cim.exclusive_grid (
    id bigint not null,
    code text not null,
    name text not null,
    kind text,
    parent_code text,
    geom geometry(MultiPolygon, 4490),
    constraint exclusive_grid_pkey primary key (id),
    constraint exclusive_grid_code_given check (code <> ''),
    constraint exclusive_grid_kind_known check (
        kind in (
            'park', 'market', 'school', 'hospital', 'port', 'scenic', 'site', 'other'
        )
    ),
    constraint exclusive_grid_geom_finite check (
        not st_isempty(geom) and st_xmax(geom) - st_xmin(geom) <= 360 and st_ymax(geom) - st_ymin(geom) <= 180
    ),
    constraint exclusive_grid_geom_within_world check (
        st_xmin(geom) >= -180 and st_xmax(geom) <= 180 and st_ymin(geom) >= -90 and st_ymax(geom) <= 90
    ),
    constraint exclusive_grid_geom_valid check (st_isvalid(geom))
);
create unique index exclusive_grid_key on cim.exclusive_grid (code);
create index exclusive_grid_parent_code on cim.exclusive_grid (parent_code);
create index exclusive_grid_geom on cim.exclusive_grid using gist (geom);
comment on table cim.exclusive_grid is 'Exclusive grids (专属网格), which lie over the comprehensive ones: derived from the coverage, never written directly.';
comment on column cim.exclusive_grid.id is 'The unit in cim.unit.';
comment on column cim.exclusive_grid.code is 'The business key.';
comment on column cim.exclusive_grid.name is 'The name as shown.';
comment on column cim.exclusive_grid.kind is 'The kind, one of a closed list where a rule says so.';
comment on column cim.exclusive_grid.parent_code is 'The code of the unit or class one level up that is loaded.';
comment on column cim.exclusive_grid.geom is 'The polygons of its faces (EPSG:4490); null for a unit without ground.';

create table cim.micro_grid (
    id bigint not null,
    code text not null,
    name text not null,
    parent_code text,
    geom geometry(MultiPolygon, 4490),
    constraint micro_grid_pkey primary key (id),
    constraint micro_grid_code_given check (code <> ''),
    constraint micro_grid_geom_finite check (
        not st_isempty(geom) and st_xmax(geom) - st_xmin(geom) <= 360 and st_ymax(geom) - st_ymin(geom) <= 180
    ),
    constraint micro_grid_geom_within_world check (
        st_xmin(geom) >= -180 and st_xmax(geom) <= 180 and st_ymin(geom) >= -90 and st_ymax(geom) <= 90
    ),
    constraint micro_grid_geom_valid check (st_isvalid(geom))
);
create unique index micro_grid_key on cim.micro_grid (code);
create index micro_grid_parent_code on cim.micro_grid (parent_code);
create index micro_grid_geom on cim.micro_grid using gist (geom);
comment on table cim.micro_grid is 'Micro grids (微网格): derived from the coverage, never written directly.';
comment on column cim.micro_grid.id is 'The unit in cim.unit.';
comment on column cim.micro_grid.code is 'The business key.';
comment on column cim.micro_grid.name is 'The name as shown.';
comment on column cim.micro_grid.parent_code is 'The code of the unit or class one level up that is loaded.';
comment on column cim.micro_grid.geom is 'The polygons of its faces (EPSG:4490); null for a unit without ground.';
