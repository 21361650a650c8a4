//! Making a filter ready for the rows of one source: names are looked up and kinds are checked, once a request.

use super::expression::{Expression, Literal, Operand, Relation};
use super::like::LikePattern;
use super::reading::Reading;
use super::row_test::{Check, RowTest, TextCheck, TextTest};
use super::{FilterError, ValueKind};

/// What names mean for the rows of a source.
pub(super) trait Names {
    /// The kind of a property's values; an error when rows may not be chosen by it.
    fn kind(&self, name: &str) -> Result<ValueKind, FilterError>;

    /// How the source's rows show the property.
    fn reading(&self, name: &str) -> Reading;
}

/// Makes a filter ready.
pub(super) fn compile(expression: &Expression, names: &dyn Names) -> Result<RowTest, FilterError> {
    Compiler { names, text_tests: 0 }.test(expression)
}

struct Compiler<'a> {
    names: &'a dyn Names,
    text_tests: u16,
}

/// How written values are combined to a check.
#[derive(Clone, Copy)]
enum Form {
    Stands(Relation),
    Between,
    OneOf,
}

impl Form {
    fn check<T: Clone>(self, values: Vec<T>) -> Option<Check<T>> {
        Some(match self {
            Self::Stands(relation) => Check::Stands(relation, values.first()?.clone()),
            Self::Between => Check::Between(values.first()?.clone(), values.get(1)?.clone()),
            Self::OneOf => Check::OneOf(values),
        })
    }
}

impl Compiler<'_> {
    fn test(&mut self, expression: &Expression) -> Result<RowTest, FilterError> {
        match expression {
            Expression::All(terms) => self.tests(terms).map(RowTest::All),
            Expression::Any(terms) => self.tests(terms).map(RowTest::Any),
            Expression::Not(term) => Ok(RowTest::Not(Box::new(self.test(term)?))),
            Expression::Constant(verdict) => Ok(RowTest::Constant(*verdict)),
            Expression::IsNull(operand) => {
                let (name, _) = property(operand)?;
                self.names.kind(name)?;
                Ok(RowTest::IsNull(self.names.reading(name)))
            }
            Expression::Compare { left: left @ Operand::Property { .. }, relation, right } => {
                self.check(left, &[literal(right)?], Form::Stands(*relation))
            }
            Expression::Compare { left, relation, right } => {
                self.check(right, &[literal(left)?], Form::Stands(relation.flipped()))
            }
            Expression::Between { value, low, high } => {
                self.check(value, &[literal(low)?, literal(high)?], Form::Between)
            }
            Expression::In { value, list } => {
                let values = list.iter().map(literal).collect::<Result<Vec<_>, _>>()?;
                self.check(value, &values, Form::OneOf)
            }
            Expression::Like { value, pattern, is_folded } => {
                let (name, is_value_folded) = property(value)?;
                self.must_be(name, ValueKind::Text)?;
                let written = if *is_folded { pattern.to_lowercase() } else { pattern.clone() };
                Ok(self.text_test(name, is_value_folded, TextCheck::Like(LikePattern::new(&written))))
            }
        }
    }

    fn tests(&mut self, terms: &[Expression]) -> Result<Vec<RowTest>, FilterError> {
        terms.iter().map(|term| self.test(term)).collect()
    }

    /// A property against written values, which must all be of its kind.
    fn check(&mut self, operand: &Operand, values: &[&Literal], form: Form) -> Result<RowTest, FilterError> {
        let (name, is_folded) = property(operand)?;
        for value in values {
            self.must_be(name, value.kind())?;
        }
        let reading = self.names.reading(name);
        let kind = self.names.kind(name)?;
        if is_folded && kind != ValueKind::Text {
            return Err(FilterError::WrongKind { name: name.to_owned(), kind, given: ValueKind::Text });
        }
        let test = match kind {
            ValueKind::Text => form
                .check(values.iter().filter_map(|value| text_of(value)).collect())
                .map(|check| self.text_test(name, is_folded, TextCheck::Plain(check))),
            ValueKind::Bool => form
                .check(values.iter().filter_map(|value| bool_of(value)).collect())
                .map(|check| RowTest::Bool { reading, check }),
            ValueKind::Number | ValueKind::Instant | ValueKind::Day => form
                .check(values.iter().filter_map(|value| number_of(value)).collect())
                .map(|check| RowTest::Number { reading, check }),
        };
        test.ok_or_else(not_one_property)
    }

    fn must_be(&self, name: &str, given: ValueKind) -> Result<(), FilterError> {
        let kind = self.names.kind(name)?;
        if kind == given {
            Ok(())
        } else {
            Err(FilterError::WrongKind { name: name.to_owned(), kind, given })
        }
    }

    fn text_test(&mut self, name: &str, is_folded: bool, check: TextCheck) -> RowTest {
        self.text_tests += 1;
        let reading = self.names.reading(name);
        RowTest::Text(TextTest { reading, is_folded, check, number: self.text_tests })
    }
}

fn property(operand: &Operand) -> Result<(&str, bool), FilterError> {
    match operand {
        Operand::Property { name, is_folded } => Ok((name, *is_folded)),
        Operand::Value(_) => Err(not_one_property()),
    }
}

fn literal(operand: &Operand) -> Result<&Literal, FilterError> {
    match operand {
        Operand::Value(value) => Ok(value),
        Operand::Property { .. } => Err(not_one_property()),
    }
}

fn not_one_property() -> FilterError {
    FilterError::Unsupported { what: "anything but one property compared with written values".to_owned() }
}

fn text_of(value: &Literal) -> Option<String> {
    match value {
        Literal::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn bool_of(value: &Literal) -> Option<bool> {
    match value {
        Literal::Bool(value) => Some(*value),
        _ => None,
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are exact for 285,000 years")]
fn number_of(value: &Literal) -> Option<f64> {
    match value {
        Literal::Number(number) => Some(*number),
        Literal::Instant(number) | Literal::Day(number) => Some(*number as f64),
        Literal::Text(_) | Literal::Bool(_) => None,
    }
}
