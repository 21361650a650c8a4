//! Posts, their holders, departments and the rules that say which department does what.

use std::cmp::Reverse;
use std::collections::HashMap;

use cim_mirror::{Row, View};
use cim_model::{Collection, Value};
use jiff::civil::Time;

use crate::PostAnswer;

/// Everything about who does what.
#[derive(Debug, Default)]
pub(crate) struct People {
    posts: HashMap<String, Vec<Post>>,
    holders: HashMap<String, Vec<Holder>>,
    departments: HashMap<String, String>,
    pub(crate) rules: Vec<Rule>,
    categories: HashMap<String, Category>,
}

/// A post of a unit.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) post_no: String,
    pub(crate) role: String,
}

/// Who held a post from when to when, in days since 1970.
#[derive(Debug, Clone)]
pub(crate) struct Holder {
    pub(crate) name: String,
    pub(crate) phone_masked: Option<String>,
    from_day: i64,
    to_day: Option<i64>,
}

/// Which department does what.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rule {
    pub(crate) number: String,
    pub(crate) category: Option<String>,
    pub(crate) unit: Option<String>,
    pub(crate) exclusive_kind: Option<String>,
    pub(crate) key_place_kind: Option<String>,
    pub(crate) hours: Option<Hours>,
    pub(crate) lead: String,
    pub(crate) assists: Vec<String>,
    pub(crate) priority: i64,
}

/// Hours of the day; may run over midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hours {
    from: Time,
    to: Time,
}

#[derive(Debug)]
struct Category {
    parent: Option<String>,
    exclusive_kinds: Vec<String>,
}

fn text(row: Row<'_>, name: &str) -> Option<String> {
    row.text_of(name).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn texts(row: Row<'_>, name: &str) -> Vec<String> {
    match row.value_of(name) {
        Value::Texts(texts) => texts,
        _ => Vec::new(),
    }
}

impl Hours {
    /// From `08:30-17:00`; anything else means always.
    fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        Some(Self { from: from.trim().parse().ok()?, to: to.trim().parse().ok()? })
    }

    pub(crate) fn hold_at(self, time: Time) -> bool {
        if self.from <= self.to {
            (self.from..self.to).contains(&time)
        } else {
            time >= self.from || time < self.to
        }
    }
}

impl People {
    pub(crate) fn new<'a>(view_of: impl Fn(Collection) -> &'a View) -> Self {
        let mut people = Self::default();
        for row in view_of(Collection::Post).rows() {
            let post = Post {
                post_no: text(row, "post_no").unwrap_or_default(),
                role: text(row, "role").unwrap_or_default(),
            };
            people.posts.entry(text(row, "unit_code").unwrap_or_default()).or_default().push(post);
        }
        people.posts.values_mut().for_each(|posts| posts.sort_by(|a, b| a.post_no.cmp(&b.post_no)));
        for row in view_of(Collection::PostHolder).rows() {
            let holder = Holder {
                name: text(row, "name").unwrap_or_default(),
                phone_masked: text(row, "phone_masked"),
                from_day: row.int_of("valid_from").unwrap_or(i64::MIN),
                to_day: row.int_of("valid_to"),
            };
            people.holders.entry(text(row, "post_no").unwrap_or_default()).or_default().push(holder);
        }
        for row in view_of(Collection::Department).rows() {
            let name = text(row, "name").unwrap_or_default();
            people.departments.insert(text(row, "code").unwrap_or_default(), name);
        }
        for row in view_of(Collection::CaseCategory).rows() {
            let category =
                Category { parent: text(row, "parent_code"), exclusive_kinds: texts(row, "exclusive_kinds") };
            people.categories.insert(text(row, "code").unwrap_or_default(), category);
        }
        people.rules = view_of(Collection::ResponsibilityRule).rows().map(rule).collect();
        people.rules.sort_by(|a, b| a.rank().cmp(&b.rank()));
        people
    }

    pub(crate) fn posts(&self, unit_code: &str) -> &[Post] {
        self.posts.get(unit_code).map_or(&[], Vec::as_slice)
    }

    /// Who holds a post on a day.
    pub(crate) fn holder(&self, post_no: &str, day: i64) -> Option<&Holder> {
        let holders = self.holders.get(post_no)?;
        let now = holders
            .iter()
            .filter(|holder| holder.from_day <= day && holder.to_day.is_none_or(|to_day| day < to_day));
        now.max_by_key(|holder| holder.from_day)
    }

    pub(crate) fn department_name(&self, code: &str) -> String {
        self.departments.get(code).cloned().unwrap_or_else(|| code.to_owned())
    }

    /// A category and all above it.
    pub(crate) fn category_line<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a str> {
        let parent = |code: &&str| self.categories.get(*code).and_then(|category| category.parent.as_deref());
        // Three levels in every known tree: a longer line is a circle.
        std::iter::successors(Some(code), parent).take(8)
    }

    /// Whether a category is another or lies below it: by the tree, or because its code begins with the other's.
    pub(crate) fn is_within(&self, category: &str, wanted: &str) -> bool {
        category.starts_with(wanted) || self.category_line(category).any(|above| above == wanted)
    }

    /// The posts of a unit as answers show them, with those who hold them on a day.
    pub(crate) fn posts_of(&self, unit_code: &str, day: i64) -> Vec<PostAnswer> {
        let answer = |post: &Post| {
            let holder = self.holder(&post.post_no, day);
            PostAnswer {
                post_no: post.post_no.clone(),
                role: post.role.clone(),
                vacant: holder.is_none(),
                holder: holder.map(|holder| holder.name.clone()),
                phone_masked: holder.and_then(|holder| holder.phone_masked.clone()),
            }
        };
        self.posts(unit_code).iter().map(answer).collect()
    }

    /// Whether exclusive grids of a kind answer first for a category.
    pub(crate) fn exclusive_answers(&self, kind: &str, category: &str) -> bool {
        self.category_line(category)
            .filter_map(|code| self.categories.get(code))
            .any(|category| category.exclusive_kinds.iter().any(|known| known == kind))
    }
}

fn rule(row: Row<'_>) -> Rule {
    Rule {
        number: text(row, "rule_no").unwrap_or_default(),
        category: text(row, "category_code"),
        unit: text(row, "unit_code"),
        exclusive_kind: text(row, "exclusive_kind"),
        key_place_kind: text(row, "key_place_kind"),
        hours: text(row, "hours").as_deref().and_then(Hours::parse),
        lead: text(row, "lead_department_code").unwrap_or_default(),
        assists: texts(row, "assist_department_codes"),
        priority: row.int_of("priority").unwrap_or(0),
    }
}

impl Rule {
    /// The order in which rules are asked: highest priority first, then the longest category, then by number.
    fn rank(&self) -> (Reverse<i64>, Reverse<usize>, &str) {
        let length = self.category.as_ref().map_or(0, String::len);
        (Reverse(self.priority), Reverse(length), &self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_may_run_over_midnight_and_other_texts_mean_always() {
        let night = Hours::parse("22:00-06:00").unwrap();
        let held = |time: &str| night.hold_at(time.parse().unwrap());
        assert!(held("23:00:00") && held("05:59:00") && !held("06:00:00") && !held("12:00:00"));
        let day = Hours::parse("08:30-17:00").unwrap();
        assert!(day.hold_at("08:30:00".parse().unwrap()) && !day.hold_at("17:00:00".parse().unwrap()));
        assert_eq!(Hours::parse("工作日"), None);
    }
}
