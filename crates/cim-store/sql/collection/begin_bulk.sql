-- Readies a table that never held a row for a first load: without triggers, and with a file that is new in this transaction, so that
-- a cluster with a minimal log writes no log for it. No snapshot can miss a row, because there was none.
alter table cim.{table} disable trigger user;
truncate cim.{table};
