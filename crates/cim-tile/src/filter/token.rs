//! Cutting a filter text into words.

use super::FilterError;

/// A word of a filter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name or a keyword.
    Name(String),
    /// A name in double quotes, which is never a keyword.
    Quoted(String),
    Text(String),
    Number(f64),
    Symbol(&'static str),
    End,
}

/// The longest first, so that `<=` is not read as `<`.
const SYMBOLS: [&str; 14] = ["<>", "<=", ">=", "=", "<", ">", "(", ")", ",", "+", "-", "*", "/", "%"];

/// A word and where it starts, in characters from 1.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) at: usize,
}

/// All words of a text, `Token::End` last.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, FilterError> {
    let mut reader = Reader { rest: text, at: 1 };
    let mut tokens = Vec::new();
    loop {
        reader.take_while(char::is_whitespace);
        let at = reader.at;
        let token = reader.next()?;
        let is_end = token == Token::End;
        tokens.push(Placed { token, at });
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn skip(&mut self, characters: usize) -> &'a str {
        let end = self.rest.char_indices().nth(characters).map_or(self.rest.len(), |(place, _)| place);
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.at += characters;
        taken
    }

    fn take_while(&mut self, is_taken: impl Fn(char) -> bool) -> &'a str {
        self.skip(self.rest.chars().take_while(|character| is_taken(*character)).count())
    }

    fn next(&mut self) -> Result<Token, FilterError> {
        let Some(first) = self.rest.chars().next() else { return Ok(Token::End) };
        match first {
            '\'' => self.quoted('\'').map(Token::Text),
            '"' => self.quoted('"').map(Token::Quoted),
            '0'..='9' | '.' => self.number(),
            '^' => {
                self.skip(1);
                Ok(Token::Symbol("^"))
            }
            _ if starts_name(first) => Ok(Token::Name(self.take_while(continues_name).to_owned())),
            _ => match SYMBOLS.into_iter().find(|symbol| self.rest.starts_with(symbol)) {
                Some(symbol) => {
                    self.skip(symbol.len());
                    Ok(Token::Symbol(symbol))
                }
                None => Err(self.wrong(first, "a property, a value or an operator of CQL2 text")),
            },
        }
    }

    /// The text in quotes; a quote inside is doubled, or has a backslash before it.
    fn quoted(&mut self, quote: char) -> Result<String, FilterError> {
        let opened_at = self.at;
        self.skip(1);
        let mut text = String::new();
        loop {
            let mut ahead = self.rest.chars();
            match (ahead.next(), ahead.next()) {
                (Some(one), Some(next)) if next == quote && (one == quote || one == '\\') => {
                    text.push(quote);
                    self.skip(2);
                }
                (Some(one), _) if one == quote => {
                    self.skip(1);
                    return Ok(text);
                }
                (Some(one), _) => {
                    text.push(one);
                    self.skip(1);
                }
                (None, _) => {
                    return Err(FilterError::Syntax {
                        at: opened_at,
                        found: format!("{quote} without an end"),
                        expected: "a closing quote",
                    });
                }
            }
        }
    }

    fn number(&mut self) -> Result<Token, FilterError> {
        let at = self.at;
        let is_digit = |character: char| character.is_ascii_digit();
        let mut written = self.take_while(is_digit).to_owned();
        if self.rest.starts_with('.') {
            written.push_str(self.skip(1));
            written.push_str(self.take_while(is_digit));
        }
        if self.rest.starts_with(['e', 'E']) {
            written.push_str(self.skip(1));
            if self.rest.starts_with(['+', '-']) {
                written.push_str(self.skip(1));
            }
            written.push_str(self.take_while(is_digit));
        }
        match written.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Token::Number(number)),
            _ => Err(FilterError::Syntax { at, found: format!("`{written}`"), expected: "a number" }),
        }
    }

    fn wrong(&self, found: char, expected: &'static str) -> FilterError {
        FilterError::Syntax { at: self.at, found: format!("`{found}`"), expected }
    }
}

fn starts_name(character: char) -> bool {
    character == ':' || character == '_' || character.is_alphabetic()
}

fn continues_name(character: char) -> bool {
    starts_name(character) || character == '.' || character.is_numeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_where_the_grammar_cuts_them() {
        let found: Vec<Token> = tokens("eo:x<=-1.5e2 AND 名称<>'o''b\\'c'")
            .unwrap()
            .into_iter()
            .map(|placed| placed.token)
            .collect();
        let name = |text: &str| Token::Name(text.to_owned());
        let expected = [
            name("eo:x"),
            Token::Symbol("<="),
            Token::Symbol("-"),
            Token::Number(150.0),
            name("AND"),
            name("名称"),
            Token::Symbol("<>"),
            Token::Text("o'b'c".to_owned()),
            Token::End,
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_word_is_told_with_its_place() {
        for (text, place) in [("状态 = ;", 6), ("a='x", 3), ("a = 1e999", 5), ("{\"op\":", 1), ("a = .", 5)]
        {
            match tokens(text) {
                Err(FilterError::Syntax { at, .. }) => assert_eq!(at, place, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
