-- Opens the reader's transaction: one snapshot of everything. A reader of everything must not be filtered without a word:
-- with row_security off, a row policy is an error.
begin isolation level repeatable read, read only;
set local row_security = off
