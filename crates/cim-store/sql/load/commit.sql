-- Makes a load visible, whole.
commit
