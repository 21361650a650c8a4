-- A place for the units that are loaded, beside those that are there.
create temporary table staging_unit (
    level text not null,
    code text not null,
    name text not null,
    kind text,
    urban_rural_class text,
    parent_level text,
    parent_code text,
    geom geometry(MultiPolygon, 4490),
    id bigint,
    parent_id bigint
) on commit drop
