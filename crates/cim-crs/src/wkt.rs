//! A small reader for the bracketed text of coordinate systems (WKT).

use crate::prj::plain;

/// One `KEYWORD["name", number, CHILD[...]]`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct WktNode {
    pub(crate) keyword: String,
    texts: Vec<String>,
    numbers: Vec<f64>,
    children: Vec<WktNode>,
}

impl WktNode {
    pub(crate) fn name(&self) -> Option<&str> {
        self.texts.first().map(String::as_str)
    }

    pub(crate) fn number(&self, index: usize) -> Option<f64> {
        self.numbers.get(index).copied()
    }

    pub(crate) fn child(&self, keyword: &str) -> Option<&WktNode> {
        self.children.iter().find(|child| child.keyword == keyword)
    }

    /// The value of `PARAMETER["name", value]`.
    pub(crate) fn parameter(&self, plain_name: &str) -> Option<f64> {
        self.children
            .iter()
            .filter(|child| child.keyword == "PARAMETER")
            .find(|child| child.name().is_some_and(|name| plain(name) == plain_name))
            .and_then(|child| child.number(0))
    }

    /// The number in `AUTHORITY["EPSG","4549"]` or `ID["EPSG",4549]` of this node itself, not of its parts.
    pub(crate) fn epsg(&self) -> Option<u32> {
        let authority = self.child("AUTHORITY").or_else(|| self.child("ID"))?;
        if !authority.name()?.eq_ignore_ascii_case("epsg") {
            return None;
        }
        let text = authority
            .texts
            .get(1)
            .cloned()
            .or_else(|| authority.number(0).map(|number| number.to_string()))?;
        text.parse().ok()
    }
}

/// Nested deeper than this is no coordinate system but an attack on the stack.
const MAX_DEPTH: usize = 16;

/// The tree of a WKT text; what follows the closing bracket is not read.
pub(crate) fn parse(text: &str) -> Result<WktNode, String> {
    let mut reader = Reader { rest: text.trim_start_matches('\u{feff}').trim_start() };
    reader.node(0)
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn node(&mut self, depth: usize) -> Result<WktNode, String> {
        if depth > MAX_DEPTH {
            return Err("it is nested too deeply".to_owned());
        }
        let keyword = self.take_while(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        if keyword.is_empty() {
            return Err("a keyword is missing".to_owned());
        }
        let mut node = WktNode { keyword: keyword.to_ascii_uppercase(), ..WktNode::default() };
        if !self.take(&['[', '(']) {
            return Err(format!("`{keyword}` has no bracket"));
        }
        loop {
            self.value(&mut node, depth)?;
            if self.take(&[',']) {
                continue;
            }
            if self.take(&[']', ')']) {
                return Ok(node);
            }
            return Err(format!("`{keyword}` is not closed"));
        }
    }

    fn value(&mut self, node: &mut WktNode, depth: usize) -> Result<(), String> {
        self.rest = self.rest.trim_start();
        if let Some(rest) = self.rest.strip_prefix('"') {
            let (text, rest) = rest.split_once('"').ok_or("a quotation mark is not closed")?;
            // A name is kept with what is loaded, and no text of the database holds this character.
            if text.contains('\0') {
                return Err("a text has the character U+0000".to_owned());
            }
            node.texts.push(text.to_owned());
            self.rest = rest;
        } else if self.rest.starts_with(|letter: char| letter.is_ascii_digit() || "+-.".contains(letter)) {
            let text = self.take_while(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
            node.numbers.push(text.parse().ok().ok_or_else(|| format!("`{text}` is no number"))?);
        } else {
            let before = self.rest;
            let word = self.take_while(|letter| letter.is_ascii_alphanumeric() || letter == '_');
            self.rest = self.rest.trim_start();
            if self.rest.starts_with(['[', '(']) {
                self.rest = before;
                node.children.push(self.node(depth + 1)?);
            } else {
                // A bare word such as the axis directions of WKT 2.
                node.texts.push(word.to_owned());
            }
        }
        Ok(())
    }

    fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|letter| !accept(letter)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn take(&mut self, any_of: &[char]) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(any_of) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}
