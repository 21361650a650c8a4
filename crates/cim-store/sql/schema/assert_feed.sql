-- Gives mirrored tables their triggers again. $1 all collections, $2 those that are derived.
select cim.assert_feed($1, $2)
