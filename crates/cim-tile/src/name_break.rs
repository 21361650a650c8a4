//! Breaking a name into two lines where a reader would.

/// Words that end the first part of a Chinese place name.
const FIRST_PARTS: &[&str] = &[
    "居民委员会",
    "村民委员会",
    "居委会",
    "村委会",
    "社区",
    "街道",
    "开发区",
    "园区",
    "新村",
    "小区",
    "村",
    "镇",
    "乡",
];
/// A shorter name stays on one line.
const SHORTEST: usize = 6;
/// A longer part of a western name is broken at a space.
const WESTERN_LINE: usize = 16;

/// The name with a line break at a sensible place, or as it is.
#[must_use]
pub fn break_name(name: &str) -> String {
    break_place(name).map_or_else(
        || name.to_owned(),
        |(first, second)| format!("{}\n{}", first.trim_end(), second.trim_start()),
    )
}

fn break_place(name: &str) -> Option<(&str, &str)> {
    let length = name.chars().count();
    if name.is_ascii() || name.contains(' ') {
        return if length > WESTERN_LINE { middle_space(name) } else { None };
    }
    if length < SHORTEST {
        return None;
    }
    // The longest first part that leaves at least two characters for the second line.
    FIRST_PARTS
        .iter()
        .filter_map(|word| name.rfind(word).map(|start| start + word.len()))
        .filter_map(|place| name.split_at_checked(place))
        .filter(|(first, second)| first.chars().count() >= 2 && second.chars().count() >= 2)
        // The middle of 村委会 is no place to break.
        .filter(|(_, second)| !second.starts_with("委会"))
        .max_by_key(|(first, _)| first.len())
}

fn middle_space(name: &str) -> Option<(&str, &str)> {
    name.match_indices(' ')
        .filter_map(|(place, _)| name.split_at_checked(place))
        .min_by_key(|(first, second)| first.len().abs_diff(second.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, broken: &str) {
        assert_eq!(break_name(name), broken);
    }

    #[test]
    fn a_grid_name_breaks_after_its_village() {
        check("南池子社区一网格", "南池子社区\n一网格");
        check("三阳村第3网格", "三阳村\n第3网格");
        check("海门街道瑞江社区二网格", "海门街道瑞江社区\n二网格");
        check("文明村村委会一网格", "文明村村委会\n一网格");
    }

    #[test]
    fn short_names_and_names_without_a_second_part_stay_whole() {
        check("海门区", "海门区");
        check("南池子社区", "南池子社区");
        check("文明村村委会", "文明村村委会");
        check("叠石桥国际家纺城", "叠石桥国际家纺城");
    }

    #[test]
    fn a_western_name_breaks_at_the_space_nearest_its_middle() {
        check("Centrum", "Centrum");
        check("Burgwallen-Nieuwe Zijde", "Burgwallen-Nieuwe\nZijde");
    }
}
