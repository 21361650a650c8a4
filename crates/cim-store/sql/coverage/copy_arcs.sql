-- Writes new arcs.
copy cim.arc (id, rev, city_code, start_node, end_node, left_face, right_face, points)
from stdin with (format binary)
