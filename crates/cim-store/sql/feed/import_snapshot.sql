-- Opens a reader's transaction that sees what the one that named its snapshot sees.
begin isolation level repeatable read, read only;
set transaction snapshot '{snapshot}'
