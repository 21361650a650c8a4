-- What was after is before from now on.
drop table bench.covering_before;
alter table bench.covering_after rename to covering_before;
drop table bench.grid_before;
alter table bench.grid_after rename to grid_before;
