-- A pack says how exclusive grids and comprehensive grids share the answer; the last load that says so rules.
alter table cim.load add column exclusive text;
alter table cim.load add constraint load_exclusive_known check (exclusive in ('overlay', 'replace'));
comment on column cim.load.exclusive is 'How exclusive grids and comprehensive grids share the answer; null when the load says nothing of it.';
