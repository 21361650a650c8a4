//! What the units of Haimen were called while it was a city of its own (code 320684).

/// The statistical list of 2020, the last under the old code.
const TOWNS: &str = include_str!("../../../data/division-codes/haimen_320684_towns_2020.csv");

/// The names a town-level unit of Haimen had before 2020, to be given as aliases; none for a unit that kept its name or
/// whose number has since been given to another.
///
/// # Drawbacks
/// The list knows renamed units, not merged ones: names such as 麒麟镇 have to come from whoever keeps the units.
#[must_use]
pub fn old_names(unit_code: &str) -> Vec<&'static str> {
    // Towns proper were numbered anew in 2020, all others kept the last three digits.
    let Some(number) =
        unit_code.strip_prefix("320614").filter(|number| number.len() == 3 && number.starts_with('4'))
    else {
        return Vec::new();
    };
    let rows = TOWNS.lines().filter_map(|row| row.split_once(','));
    rows.filter(|(code, _)| code.strip_prefix("320684") == Some(number))
        .filter_map(|(_, rest)| rest.split(',').next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_unit_is_known_by_its_old_name() {
        assert_eq!(old_names("320614416"), ["海门工业园区管理委员会"]);
        assert_eq!(old_names("320614103"), [""; 0], "106 was another town's number");
        assert_eq!(old_names("320614103201"), [""; 0]);
    }
}
