-- Gives tied collections their triggers again.
select cim.assert_ties()
