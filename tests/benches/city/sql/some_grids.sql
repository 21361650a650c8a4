-- $1 comprehensive grids, in an order that looks random and is the same every time.
select code from cim.comprehensive_grid order by md5(code) limit $1::bigint
