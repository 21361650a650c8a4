-- Ends the reader's transaction.
commit
