-- When a source last changed a row: an older version never overwrites a newer one.

alter table cim."case" add column source_updated_at timestamptz;
alter table cim.inspection add column source_updated_at timestamptz;
alter table cim.finding add column source_updated_at timestamptz;
alter table cim.camera add column source_updated_at timestamptz;
comment on column cim."case".source_updated_at is 'When its source last changed it.';
comment on column cim.inspection.source_updated_at is 'When its source last changed it.';
comment on column cim.finding.source_updated_at is 'When its source last changed it.';
comment on column cim.camera.source_updated_at is 'When its source last changed it.';
