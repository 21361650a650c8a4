-- Opens the reader's transaction: one snapshot of everything.
begin isolation level repeatable read, read only
