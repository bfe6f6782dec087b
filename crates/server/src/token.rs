//! The secret of this start: who knows it may change what is saved.

use std::fmt::Write as _;

use rand::Rng;
use subtle::ConstantTimeEq;

/// 32 random bytes in hexadecimal digits. Never logged.
#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    pub(crate) fn new() -> Self {
        let mut bytes = [0_u8; 32];
        rand::rng().fill_bytes(&mut bytes);
        Self(bytes.iter().fold(String::new(), |mut text, byte| {
            _ = write!(text, "{byte:02x}");
            text
        }))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an `Authorization` header carries it. Takes as long whatever is wrong with it.
    pub(crate) fn is_in(&self, authorization: &str) -> bool {
        let said = authorization.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        said.is_some_and(|(_, token)| bool::from(token.trim().as_bytes().ct_eq(self.0.as_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_is_taken() {
        let (token, other) = (Token::new(), Token::new());
        let text = token.as_str();
        assert_eq!(text.len(), 64);
        for said in [format!("Bearer {text}"), format!("bearer {text}")] {
            assert!(token.is_in(&said) && !other.is_in(&said), "{said}");
        }
        for said in [
            "",
            "Bearer",
            "Bearer ",
            text,
            &format!("Basic {text}"),
            &format!("Bearer {}", &text[..63]),
            &format!("Bearer {text}0"),
        ] {
            assert!(!token.is_in(said), "{said}");
        }
    }
}
