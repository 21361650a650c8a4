-- Readies a table that never held a row for a first load: without triggers, and with a file that is new in this transaction, so that
-- a cluster with a minimal log writes no log for it. No snapshot can miss a row, because there was none; nor in a table that
-- refers to this one (the events of cases), which PostgreSQL wants truncated with it.
alter table cim.{table} disable trigger user;
truncate cim.{table} cascade;
