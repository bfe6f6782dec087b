//! The secret of this Polychat: who knows it may change what is saved. It stays the same over restarts, so that another
//! computer is asked for it once.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use rand::Rng;
use subtle::ConstantTimeEq;
use tracing::warn;

/// Its file in the folder for files. Whoever removes it has locked out everybody else at the next start.
const FILE: &str = "access-key";

/// How many digits it has.
const DIGITS: usize = 64;

/// 32 random bytes in hexadecimal digits. Never logged.
#[derive(Clone)]
pub(crate) struct Token {
    text: String,
    /// The file that keeps it.
    file: Option<PathBuf>,
}

impl Token {
    /// The one that is kept in `folder`, or a new one. Where none can be kept it is one of this start.
    pub(crate) fn open(folder: Option<&Path>) -> Self {
        let Some(folder) = folder else { return Self::new() };
        let path = folder.join(FILE);
        if let Some(text) = read(&path) {
            return Self { text, file: Some(path) };
        }
        let mut token = Self::new();
        match fs::create_dir_all(folder).and_then(|()| write(&path, &token)) {
            Ok(()) => token.file = Some(path),
            Err(error) => {
                warn!(%error, "the key for other computers cannot be kept: they are asked for it again after a restart");
            }
        }
        token
    }

    fn new() -> Self {
        let mut bytes = [0_u8; DIGITS / 2];
        rand::rng().fill_bytes(&mut bytes);
        let text = bytes.iter().fold(String::new(), |mut text, byte| {
            _ = write!(text, "{byte:02x}");
            text
        });
        Self { text, file: None }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Where it is kept.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Whether an `Authorization` header carries it. Takes as long whatever is wrong with it.
    pub(crate) fn is_in(&self, authorization: &str) -> bool {
        let said = authorization.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        said.is_some_and(|(_, token)| bool::from(token.trim().as_bytes().ct_eq(self.text.as_bytes())))
    }
}

/// What the file holds, if that is a token.
fn read(path: &Path) -> Option<String> {
    let mut text = String::new();
    fs::File::open(path).ok()?.take(DIGITS as u64 + 2).read_to_string(&mut text).ok()?;
    let digits = text.trim();
    let is_one = digits.len() == DIGITS && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    is_one.then(|| digits.to_owned())
}

/// For the person's own eyes.
fn write(path: &Path, token: &Token) -> io::Result<()> {
    // What is there is no token, and may be open for everybody.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    writeln!(options.open(path)?, "{}", token.as_str())
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

    #[test]
    fn it_is_kept_for_the_person_alone_and_anything_else_in_its_place_is_replaced() {
        let folder = std::env::temp_dir().join(format!("polychat-token-{}", std::process::id()));
        let first = Token::open(Some(&folder));
        assert_eq!(Token::open(Some(&folder)).as_str(), first.as_str());
        assert_eq!(first.file(), Some(folder.join(FILE).as_path()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(folder.join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
        }
        for broken in ["", "short", &"g".repeat(64), &"a".repeat(65), &"0".repeat(1_000_000)] {
            fs::write(folder.join(FILE), broken).unwrap();
            let token = Token::open(Some(&folder));
            assert_eq!(token.as_str().len(), 64, "{broken:.70}");
            assert_eq!(Token::open(Some(&folder)).as_str(), token.as_str(), "and that is kept");
        }
        fs::remove_dir_all(&folder).unwrap();
        // A file is no folder: then it is one of this start.
        fs::write(&folder, "").unwrap();
        assert_eq!(Token::open(Some(&folder)).file(), None);
        assert_ne!(Token::open(Some(&folder)).as_str(), Token::open(Some(&folder)).as_str());
        fs::remove_file(&folder).unwrap();
        assert_ne!(Token::open(None).as_str(), Token::open(None).as_str());
    }
}
