-- Builds the index that was taken away.
{definition}
