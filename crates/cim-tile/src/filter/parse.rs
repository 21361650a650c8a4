//! Reading CQL2 text by recursive descent, within limits that no honest filter meets.

use jiff::Timestamp;
use jiff::civil::Date;

use super::FilterError;
use super::expression::{Expression, Literal, Operand, Relation};
use super::time_span::instant;
use super::token::{Placed, Token, tokens};

/// Bytes of a filter text.
const MOST_BYTES: usize = 4_096;
/// Brackets and negations inside each other.
const MOST_DEPTH: usize = 24;
/// Comparisons and listed values.
const MOST_TERMS: usize = 200;

const A_CONDITION: &str = "a comparison, NOT or (";
const A_VALUE: &str =
    "a property, a text in single quotes, a number, TRUE, FALSE, TIMESTAMP('...') or DATE('...')";

pub(super) fn parse(text: &str) -> Result<Expression, FilterError> {
    if text.len() > MOST_BYTES {
        return Err(FilterError::TooLong { bytes: text.len(), most: MOST_BYTES });
    }
    let mut parser = Parser { tokens: tokens(text)?, place: 0, depth: 0, terms: 0 };
    let expression = parser.any_of()?;
    if *parser.peek() == Token::End { Ok(expression) } else { Err(parser.wrong("AND, OR or the end")) }
}

struct Parser {
    tokens: Vec<Placed>,
    place: usize,
    depth: usize,
    terms: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.place).map_or(&Token::End, |placed| &placed.token)
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.place += 1;
        token
    }

    fn is_keyword(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Name(name) if name.eq_ignore_ascii_case(word))
    }

    fn takes_keyword(&mut self, word: &str) -> bool {
        let is_it = self.is_keyword(word);
        self.place += usize::from(is_it);
        is_it
    }

    fn takes_symbol(&mut self, wanted: &str) -> bool {
        let is_it = matches!(self.peek(), Token::Symbol(symbol) if *symbol == wanted);
        self.place += usize::from(is_it);
        is_it
    }

    fn must_symbol(&mut self, wanted: &'static str) -> Result<(), FilterError> {
        if self.takes_symbol(wanted) { Ok(()) } else { Err(self.wrong(wanted)) }
    }

    fn wrong(&self, expected: &'static str) -> FilterError {
        let found = match self.peek() {
            Token::Name(name) => format!("`{name}`"),
            Token::Quoted(name) => format!("\"{name}\""),
            Token::Text(text) => format!("'{text}'"),
            Token::Number(number) => number.to_string(),
            Token::Symbol(symbol) => format!("`{symbol}`"),
            Token::End => "the end".to_owned(),
        };
        let at = self.tokens.get(self.place).or(self.tokens.last()).map_or(1, |placed| placed.at);
        FilterError::Syntax { at, found: found.chars().take(60).collect(), expected }
    }

    fn deeper<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, FilterError>,
    ) -> Result<T, FilterError> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(FilterError::TooDeep { most: MOST_DEPTH });
        }
        let read = inner(self);
        self.depth -= 1;
        read
    }

    fn count_term(&mut self) -> Result<(), FilterError> {
        self.terms += 1;
        if self.terms > MOST_TERMS { Err(FilterError::TooManyTerms { most: MOST_TERMS }) } else { Ok(()) }
    }

    fn any_of(&mut self) -> Result<Expression, FilterError> {
        let mut terms = vec![self.all_of()?];
        while self.takes_keyword("OR") {
            terms.push(self.all_of()?);
        }
        Ok(single_or(terms, Expression::Any))
    }

    fn all_of(&mut self) -> Result<Expression, FilterError> {
        let mut terms = vec![self.factor()?];
        while self.takes_keyword("AND") {
            terms.push(self.factor()?);
        }
        Ok(single_or(terms, Expression::All))
    }

    fn factor(&mut self) -> Result<Expression, FilterError> {
        if self.takes_keyword("NOT") {
            return self.deeper(|parser| Ok(Expression::Not(Box::new(parser.factor()?))));
        }
        if self.takes_symbol("(") {
            let inner = self.deeper(Self::any_of)?;
            self.refuse_arithmetic()?;
            self.must_symbol(")")?;
            return Ok(inner);
        }
        if *self.peek() == Token::End {
            return Err(self.wrong(A_CONDITION));
        }
        self.predicate()
    }

    fn predicate(&mut self) -> Result<Expression, FilterError> {
        self.count_term()?;
        let value = self.operand()?;
        if let Some(relation) = self.relation() {
            let right = self.operand()?;
            return Ok(Expression::Compare { left: value, relation, right });
        }
        if self.takes_keyword("IS") {
            let is_negated = self.takes_keyword("NOT");
            return if self.takes_keyword("NULL") {
                Ok(negated_if(is_negated, Expression::IsNull(value)))
            } else {
                Err(self.wrong("NULL"))
            };
        }
        let is_negated = self.takes_keyword("NOT");
        let condition = if self.takes_keyword("BETWEEN") {
            let low = self.operand()?;
            if !self.takes_keyword("AND") {
                return Err(self.wrong("AND"));
            }
            Expression::Between { value, low, high: self.operand()? }
        } else if self.takes_keyword("IN") {
            Expression::In { value, list: self.list()? }
        } else if self.takes_keyword("LIKE") {
            let (pattern, is_folded) = self.pattern()?;
            Expression::Like { value, pattern, is_folded }
        } else if let (Operand::Value(Literal::Bool(constant)), false) = (&value, is_negated) {
            return Ok(Expression::Constant(*constant));
        } else {
            return Err(self.wrong("=, <>, <, >, <=, >=, BETWEEN, IN, LIKE or IS NULL"));
        };
        Ok(negated_if(is_negated, condition))
    }

    fn relation(&mut self) -> Option<Relation> {
        let Token::Symbol(symbol) = self.peek() else { return None };
        let relation = match *symbol {
            "=" => Relation::Equal,
            "<>" => Relation::NotEqual,
            "<" => Relation::Less,
            "<=" => Relation::LessOrEqual,
            ">" => Relation::Greater,
            ">=" => Relation::GreaterOrEqual,
            _ => return None,
        };
        self.place += 1;
        Some(relation)
    }

    fn list(&mut self) -> Result<Vec<Operand>, FilterError> {
        self.must_symbol("(")?;
        let mut list = Vec::new();
        loop {
            self.count_term()?;
            list.push(self.operand()?);
            if !self.takes_symbol(",") {
                break;
            }
        }
        self.must_symbol(")")?;
        Ok(list)
    }

    /// The pattern of LIKE, and whether its case is folded.
    fn pattern(&mut self) -> Result<(String, bool), FilterError> {
        match self.take() {
            Token::Text(text) => Ok((text, false)),
            Token::Name(name) if name.eq_ignore_ascii_case("CASEI") => {
                self.must_symbol("(")?;
                let (text, _) = self.deeper(Self::pattern)?;
                self.must_symbol(")")?;
                Ok((text, true))
            }
            Token::Name(name) if name.eq_ignore_ascii_case("ACCENTI") => Err(unsupported(&name)),
            _ => {
                self.place -= 1;
                Err(self.wrong("a pattern in single quotes"))
            }
        }
    }

    fn operand(&mut self) -> Result<Operand, FilterError> {
        let operand = match self.take() {
            Token::Quoted(name) => Operand::Property { name, is_folded: false },
            Token::Text(text) => Operand::Value(Literal::Text(text)),
            Token::Number(number) => Operand::Value(Literal::Number(number)),
            Token::Symbol(sign @ ("-" | "+")) => match self.take() {
                Token::Number(number) => {
                    Operand::Value(Literal::Number(if sign == "-" { -number } else { number }))
                }
                _ => return Err(unsupported("arithmetic")),
            },
            Token::Symbol("(") => return Err(unsupported("arithmetic or an array")),
            Token::Name(name) if self.takes_symbol("(") => self.function(&name)?,
            Token::Name(name) if name.eq_ignore_ascii_case("TRUE") => Operand::Value(Literal::Bool(true)),
            Token::Name(name) if name.eq_ignore_ascii_case("FALSE") => Operand::Value(Literal::Bool(false)),
            Token::Name(name) if !is_reserved(&name) => Operand::Property { name, is_folded: false },
            _ => {
                self.place -= 1;
                return Err(self.wrong(A_VALUE));
            }
        };
        self.refuse_arithmetic()?;
        Ok(operand)
    }

    /// What stands after `NAME(`, its closing bracket included.
    fn function(&mut self, name: &str) -> Result<Operand, FilterError> {
        let operand = match name.to_ascii_uppercase().as_str() {
            "CASEI" => self.deeper(|parser| folded(parser.operand()?))?,
            "TIMESTAMP" => {
                let written = self.written("a time like '2026-03-01T08:00:00+08:00'")?;
                let time = instant(&written).map(Timestamp::as_millisecond);
                Operand::Value(Literal::Instant(time.ok_or_else(|| self.not_a_time(&written))?))
            }
            "DATE" => {
                let written = self.written("a day like '2026-03-01'")?;
                Operand::Value(Literal::Day(day(&written).ok_or_else(|| self.not_a_time(&written))?))
            }
            _ => return Err(unsupported(&format!("the function {}", shortened(name)))),
        };
        self.must_symbol(")")?;
        Ok(operand)
    }

    fn written(&mut self, expected: &'static str) -> Result<String, FilterError> {
        if let Token::Text(text) = self.take() {
            return Ok(text);
        }
        self.place -= 1;
        Err(self.wrong(expected))
    }

    fn not_a_time(&self, written: &str) -> FilterError {
        let at = self.tokens.get(self.place - 1).map_or(1, |placed| placed.at);
        let expected = "TIMESTAMP('2026-03-01T08:00:00+08:00') or DATE('2026-03-01')";
        FilterError::Syntax { at, found: format!("'{}'", shortened(written)), expected }
    }

    fn refuse_arithmetic(&self) -> Result<(), FilterError> {
        let is_sign = matches!(self.peek(), Token::Symbol("+" | "-" | "*" | "/" | "%" | "^"));
        if is_sign || self.is_keyword("div") { Err(unsupported("arithmetic")) } else { Ok(()) }
    }
}

fn is_reserved(name: &str) -> bool {
    ["AND", "OR", "NOT", "BETWEEN", "IN", "LIKE", "IS", "NULL"]
        .iter()
        .any(|word| name.eq_ignore_ascii_case(word))
}

fn single_or(mut terms: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    match terms.pop() {
        Some(only) if terms.is_empty() => only,
        last => {
            terms.extend(last);
            many(terms)
        }
    }
}

fn negated_if(is_negated: bool, condition: Expression) -> Expression {
    if is_negated { Expression::Not(Box::new(condition)) } else { condition }
}

fn folded(operand: Operand) -> Result<Operand, FilterError> {
    match operand {
        Operand::Property { name, .. } => Ok(Operand::Property { name, is_folded: true }),
        Operand::Value(Literal::Text(text)) => Ok(Operand::Value(Literal::Text(text.to_lowercase()))),
        Operand::Value(_) => Err(unsupported("CASEI of anything but a text")),
    }
}

fn unsupported(what: &str) -> FilterError {
    FilterError::Unsupported { what: what.to_owned() }
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Days since 1970.
fn day(written: &str) -> Option<i64> {
    let date: Date = written.parse().ok().filter(|_| written.len() == 10)?;
    let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(midnight.as_second().div_euclid(86_400))
}
