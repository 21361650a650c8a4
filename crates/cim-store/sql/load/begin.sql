-- Opens the transaction of a load.
begin
