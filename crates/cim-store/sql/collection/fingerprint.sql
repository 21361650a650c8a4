-- The number of rows and the sum over them of (id mod p) * (xmin mod p), as `Fingerprint` in `cim-model` says it.
select count(*),
       (coalesce(sum((id % 1000003 + 1000003) % 1000003 * (xmin::text::bigint % 1000003)), 0)
        % 18446744073709551616)::text
from cim.{table}
