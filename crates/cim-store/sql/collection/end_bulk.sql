-- Ends a first load: the triggers log and tie again.
alter table cim.{table} enable trigger user;
alter table cim.{table} enable always trigger feed_insert;
alter table cim.{table} enable always trigger feed_update;
alter table cim.{table} enable always trigger feed_delete;
alter table cim.{table} enable always trigger no_truncate;
select cim.assert_ties();
analyze cim.{table};
