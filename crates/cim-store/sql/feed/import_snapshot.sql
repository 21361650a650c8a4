-- Opens a reader's transaction that sees what the one that named its snapshot sees, policies or not.
begin isolation level repeatable read, read only;
set transaction snapshot '{snapshot}';
set local row_security = off
