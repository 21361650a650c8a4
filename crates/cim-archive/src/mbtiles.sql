-- An MBTiles 1.3 file in which equal tiles are stored once: `tiles` is a view, as the specification allows.
pragma application_id = 0x4d504258;
create table metadata (name text primary key, value text not null) without rowid;
create table images (tile_id integer primary key, tile_data blob not null);
create table map (
    zoom_level integer not null,
    tile_column integer not null,
    tile_row integer not null,
    tile_id integer not null references images,
    primary key (zoom_level, tile_column, tile_row)
) without rowid;
create view tiles as
select zoom_level, tile_column, tile_row, tile_data from map join images using (tile_id);
