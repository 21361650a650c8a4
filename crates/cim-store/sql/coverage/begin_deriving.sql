-- From here to the end of the transaction the derived polygons may be written.
set local cim.deriving = 'on'
