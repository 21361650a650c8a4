-- The derived polygons may not be written any more.
set local cim.deriving = 'off'
