-- Ties units to their parents by number.
update staging_unit as child
set parent_id = parent.id
from staging_unit as parent
where parent.level = child.parent_level and parent.code = child.parent_code
