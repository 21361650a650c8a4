-- Ends a first load: the triggers log again.
alter table cim.{table} enable always trigger feed_insert;
alter table cim.{table} enable always trigger feed_update;
alter table cim.{table} enable always trigger feed_delete;
alter table cim.{table} enable always trigger no_truncate;
analyze cim.{table};
