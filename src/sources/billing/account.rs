//! Account ids, and what spreadsheets and data frames make of them.

use super::fault::Fault;
use super::wide::Wide;
use crate::domain::AccountId;

/// An account id, and how it had to be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mended {
    /// The id.
    pub(super) id: AccountId,
    /// What was odd.
    pub(super) how: Option<Mending>,
}

/// How an account id was mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mending {
    /// Leading zeros were put back.
    Zeros,
    /// It was written as a decimal number.
    Number,
    /// It was written with an exponent; digits past those written are taken for zeros.
    Exponent,
}

/// Digits that an exponent must leave; spreadsheets show six.
const FEWEST_DIGITS: usize = 8;

/// Reads an account id.
pub(super) fn account(text: &str) -> Result<Mended, Fault> {
    let text = text.trim();
    if let Ok(id) = text.parse() {
        return Ok(Mended { id, how: None });
    }
    let bad = || {
        Fault::new(format!("bad account id `{text}`"))
            .note("an account id has exactly 12 digits")
            .hint("use the file as AWS wrote it: spreadsheets turn account ids into numbers")
    };
    let (digits, how) = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        (text.to_owned(), Mending::Zeros)
    } else {
        let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
        let written = mantissa.bytes().filter(u8::is_ascii_digit).count();
        let has_exponent = mantissa.len() < text.len();
        if has_exponent && written < FEWEST_DIGITS {
            return Err(bad());
        }
        let whole = Wide::parse(text.as_bytes())
            .ok()
            .and_then(Wide::quantity)
            .and_then(crate::domain::Quantity::to_count);
        let whole = whole.ok_or_else(bad)?;
        (whole.to_string(), if has_exponent { Mending::Exponent } else { Mending::Number })
    };
    // Fewer digits than nine would be an account id with more than three leading zeros: hardly one.
    if digits.len() > 12 || digits.len() < 9 {
        return Err(bad());
    }
    let id = format!("{digits:0>12}").parse().map_err(|_| bad())?;
    Ok(Mended { id, how: Some(how) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_mended_where_no_digit_is_lost() {
        for (text, id, how) in [
            ("012345678901", "012345678901", None),
            ("12345678901", "012345678901", Some(Mending::Zeros)),
            ("123412341234.0", "123412341234", Some(Mending::Number)),
            ("1.23412341234E11", "123412341234", Some(Mending::Exponent)),
            ("1.2341234E11", "123412340000", Some(Mending::Exponent)),
            ("1.2345678901e+10", "012345678901", Some(Mending::Exponent)),
        ] {
            let mended = account(text).unwrap();
            assert_eq!((mended.id.as_str(), mended.how), (id, how), "{text}");
        }
        for text in ["1.23412E+11", "1234123412345", "12345", "acct-1", "-12345678901", "123412341234.5"] {
            assert!(account(text).is_err(), "{text}");
        }
    }
}
