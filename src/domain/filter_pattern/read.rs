//! Reads a pattern's text.

use super::error::{FilterPatternError, FilterPatternFault as Fault};
use super::matching::decimal;
use super::{Comparison, LONGEST_FILTER_PATTERN, Node, Operand, Path, Step, Test};

/// Characters that end a value without quotes, or the name of a property.
const ENDS: [char; 12] = ['(', ')', '{', '}', '&', '|', '=', '!', '<', '>', '"', '%'];

/// Reads a pattern.
pub(super) fn read(text: &str) -> Result<Node, FilterPatternError> {
    let mut reader = Reader { text, at: 0 };
    if text.chars().count() > LONGEST_FILTER_PATTERN {
        return Err(reader.fault(Fault::TooLong));
    }
    if !reader.takes("{") {
        return Err(reader.fault(Fault::NotJson));
    }
    let node = reader.any()?;
    reader.needs("}", "`&&`, `||` or `}`")?;
    reader.skip_space();
    if reader.at < text.len() { Err(reader.fault(Fault::Expected("the end"))) } else { Ok(node) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn fault(&self, fault: Fault) -> FilterPatternError {
        FilterPatternError { at: self.at, fault }
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Takes a sign, after blanks, if it stands there.
    fn takes(&mut self, sign: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn needs(&mut self, sign: &str, expected: &'static str) -> Result<(), FilterPatternError> {
        if self.takes(sign) { Ok(()) } else { Err(self.fault(Fault::Expected(expected))) }
    }

    /// Takes a word of letters, in any case, if it stands there.
    fn takes_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let rest = self.rest();
        let length = rest.find(|own: char| !own.is_ascii_alphabetic()).unwrap_or(rest.len());
        let found = rest[..length].eq_ignore_ascii_case(word);
        if found {
            self.at += length;
        }
        found
    }

    fn any(&mut self) -> Result<Node, FilterPatternError> {
        let mut parts = vec![self.all()?];
        while self.takes("||") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Node::Any))
    }

    fn all(&mut self) -> Result<Node, FilterPatternError> {
        let mut parts = vec![self.unit()?];
        while self.takes("&&") {
            parts.push(self.unit()?);
        }
        Ok(one_or(parts, Node::All))
    }

    fn unit(&mut self) -> Result<Node, FilterPatternError> {
        if self.takes("(") {
            let inner = self.any()?;
            self.needs(")", "`&&`, `||` or `)`")?;
            return Ok(inner);
        }
        let path = self.path()?;
        let test = self.test()?;
        Ok(Node::Test(path, test))
    }

    fn path(&mut self) -> Result<Path, FilterPatternError> {
        self.skip_space();
        let start = self.at;
        self.needs("$", "a property such as `$.eventName`, or `(`")?;
        let mut steps = Vec::new();
        loop {
            if self.rest().starts_with(['.', '[']) {
                let dotted = self.rest().starts_with('.');
                self.at += usize::from(dotted);
                steps.push(if self.rest().starts_with('[') { self.bracket()? } else { self.name()? });
            } else if steps.is_empty() {
                return Err(self.fault(Fault::Expected("`.` and the name of a property")));
            } else {
                return Ok(Path { text: self.text[start..self.at].to_owned(), steps });
            }
        }
    }

    fn name(&mut self) -> Result<Step, FilterPatternError> {
        let rest = self.rest();
        let ends = |own: char| own.is_whitespace() || own == '.' || own == '[' || ENDS.contains(&own);
        let length = rest.find(ends).unwrap_or(rest.len());
        if length == 0 {
            return Err(self.fault(Fault::Expected("the name of a property")));
        }
        self.at += length;
        Ok(Step::Name(rest[..length].to_owned()))
    }

    /// Reads `[0]`, or `['a.name']`.
    fn bracket(&mut self) -> Result<Step, FilterPatternError> {
        self.at += 1;
        let rest = self.rest();
        if let Some(quote) = rest.chars().next().filter(|own| matches!(own, '\'' | '"')) {
            let Some(length) = rest[1..].find(quote) else { return Err(self.fault(Fault::NoClosingQuote)) };
            self.at += length + 2;
            if !self.rest().starts_with(']') {
                return Err(self.fault(Fault::Expected("`]`")));
            }
            self.at += 1;
            return Ok(Step::Name(rest[1..=length].to_owned()));
        }
        let Some(length) = rest.find(']') else { return Err(self.fault(Fault::Expected("`]`"))) };
        let digits = &rest[..length];
        let whole = (1..=9).contains(&length) && digits.bytes().all(|own| own.is_ascii_digit());
        let Some(index) = digits.parse().ok().filter(|_| whole) else { return Err(self.fault(Fault::Index)) };
        self.at += length + 1;
        Ok(Step::Index(index))
    }

    fn test(&mut self) -> Result<Test, FilterPatternError> {
        if self.takes_word("NOT") {
            let found = self.takes_word("EXISTS");
            return if found { Ok(Test::NotExists) } else { Err(self.fault(Fault::Expected("`EXISTS`"))) };
        }
        if self.takes_word("IS") {
            return match () {
                () if self.takes_word("NULL") => Ok(Test::IsNull),
                () if self.takes_word("TRUE") => Ok(Test::Is(true)),
                () if self.takes_word("FALSE") => Ok(Test::Is(false)),
                () if self.takes_word("NOT") => Err(self.fault(Fault::IsNot)),
                () => Err(self.fault(Fault::Expected("`NULL`, `TRUE` or `FALSE`"))),
            };
        }
        if self.takes_word("EXISTS") {
            return Err(self.fault(Fault::Exists));
        }
        // Longer signs first.
        let signs = [
            ("!=", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("=", Comparison::Equal),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        let Some((_, comparison)) = signs.into_iter().find(|(sign, _)| self.takes(sign)) else {
            return Err(self.fault(Fault::Expected("`=`, `!=`, `<`, `>`, `<=`, `>=`, `IS` or `NOT EXISTS`")));
        };
        self.skip_space();
        let start = self.at;
        let operand = self.operand()?;
        if comparison.is_ordered() && operand.number.is_none() {
            return Err(FilterPatternError { at: start, fault: Fault::NotANumber });
        }
        Ok(Test::Compare(comparison, operand))
    }

    fn operand(&mut self) -> Result<Operand, FilterPatternError> {
        let rest = self.rest();
        if rest.starts_with('"') {
            return self.quoted();
        }
        if rest.starts_with('%') {
            return Err(self.fault(Fault::Regex));
        }
        let length = rest.find(|own: char| own.is_whitespace() || ENDS.contains(&own)).unwrap_or(rest.len());
        if length == 0 {
            return Err(self.fault(Fault::Expected("a value")));
        }
        self.at += length;
        Ok(Operand { text: rest[..length].to_owned(), number: decimal(&rest[..length]) })
    }

    fn quoted(&mut self) -> Result<Operand, FilterPatternError> {
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, own)) = characters.next() {
            match own {
                '"' => {
                    self.at += at + 1;
                    return Ok(Operand { text, number: None });
                }
                '\\' => text.extend(characters.next().map(|(_, next)| next)),
                own => text.push(own),
            }
        }
        Err(self.fault(Fault::NoClosingQuote))
    }
}

/// Returns the only part, or all of them together.
fn one_or(mut parts: Vec<Node>, together: fn(Vec<Node>) -> Node) -> Node {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            together(parts)
        }
    }
}
