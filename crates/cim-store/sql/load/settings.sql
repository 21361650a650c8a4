-- A load may sort more in memory than a query may.
set local maintenance_work_mem = '192MB'
