//! What lets packages renew themselves: the key of whoever publishes them, and the address of the newest version. Neither is in
//! the repository. docs/releasing.md says how a key is made and where it is kept.

use std::path::Path;

use anyhow::{Context as _, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The environment that says so.
const PUBLIC: &str = "POLYCHAT_UPDATE_KEY";
const ADDRESS: &str = "POLYCHAT_UPDATE_URL";
/// The key of all versions after this one, when it changes: this one is still signed with the old key, and waits for the new.
const NEXT: &str = "POLYCHAT_UPDATE_NEXT_KEY";
/// As Tauri's own tool reads them.
pub(crate) const PRIVATE: &str = "TAURI_SIGNING_PRIVATE_KEY";
pub(crate) const PASSWORD: &str = "TAURI_SIGNING_PRIVATE_KEY_PASSWORD";

/// What is built in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Renewal {
    /// Of what signs these packages.
    key: String,
    /// Of what will sign those after them. As a rule it is the same.
    built_in: String,
    address: String,
}

impl Renewal {
    /// As the environment says. A secret that is not set comes as an empty text.
    pub(crate) fn from_environment() -> Result<Option<Self>> {
        let read = |name| std::env::var(name).unwrap_or_default().trim().to_owned();
        Self::of(&read(PUBLIC), &read(PRIVATE), &read(ADDRESS), &read(NEXT))
    }

    fn of(public: &str, private: &str, address: &str, next: &str) -> Result<Option<Self>> {
        match (public.is_empty(), private.is_empty()) {
            (true, true) => return Ok(None),
            (false, true) => {
                bail!("{PUBLIC} is set, and {PRIVATE} is not: nothing could sign what these packages would wait for.")
            }
            (true, false) => {
                bail!("{PRIVATE} is set, and {PUBLIC} is not: the packages would not know what is signed by it.")
            }
            (false, false) => {}
        }
        for (name, key) in [(PUBLIC, public), (NEXT, next)].into_iter().filter(|(_, key)| !key.is_empty()) {
            key_id(key).with_context(|| {
                format!(
                    "{name} is no public key: it is the one line of the .pub file that `tauri signer generate` writes."
                )
            })?;
        }
        ensure!(
            !address.is_empty(),
            "{ADDRESS} is not set: packages with a key need to know where the newest version is told of."
        );
        ensure!(
            address.starts_with("https://") && !address.contains(char::is_whitespace),
            "{ADDRESS} has to begin with https://"
        );
        let built_in = if next.is_empty() { public } else { next };
        Ok(Some(Self { key: public.to_owned(), built_in: built_in.to_owned(), address: address.to_owned() }))
    }

    /// What the updater reads in the program, as a part of `tauri.conf.json`.
    pub(crate) fn built_in(&self) -> Value {
        // A signature has to name the version that it is for, or an old package could be passed off as a new one.
        json!({ "pubkey": self.built_in, "endpoints": [self.address], "requireSignedVersion": true })
    }

    /// Whether a file is signed with the other half of the key. Otherwise no program would ever take it.
    pub(crate) fn has_signed(&self, signature: &Path) -> Result<()> {
        let text = std::fs::read_to_string(signature)
            .with_context(|| format!("{} was not written: nothing is signed", signature.display()))?;
        let (signed, ours) = (key_id(text.trim())?, key_id(&self.key)?);
        ensure!(signed == ours, "{PRIVATE} and {PUBLIC} do not belong together.");
        Ok(())
    }
}

/// The id of a key, in the base64 of a file of minisign: a comment, then what begins with two letters and the id.
fn key_id(line: &str) -> Result<[u8; 8]> {
    let text = String::from_utf8(STANDARD.decode(line).context("it is no base64")?).context("it is no text")?;
    let mut lines = text.lines();
    ensure!(
        lines.next().is_some_and(|line| line.starts_with("untrusted comment:")),
        "it does not begin with a comment"
    );
    let key = STANDARD.decode(lines.next().unwrap_or_default().trim()).context("its second line is no base64")?;
    ensure!(matches!(key.len(), 42 | 74) && matches!(&key[..2], b"Ed" | b"ED"), "its second line is no key");
    let mut id = [0; 8];
    id.copy_from_slice(&key[2..10]);
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://github.com/o/r/releases/latest/download/latest.json";

    /// What Tauri's own tool wrote: a public key, and what was signed with the private one, which is nowhere any more.
    const REAL_KEY: &str = concat!(
        "dW50cnVzdGVkIGNvbW1lbnQ6IG1pbmlzaWduIHB1YmxpYyBrZXk6IDY0NzAwMzYzREJEQjVGMUQKUldRZFg5dmJZd0",
        "53WkxrTmlFcmJlV3BSNTVrKzR3aUxLY1pzdit3TWxycTlqTDNNMG5QMGNmbmsK",
    );
    const REAL_SIGNATURE: &str = concat!(
        "dW50cnVzdGVkIGNvbW1lbnQ6IHNpZ25hdHVyZSBmcm9tIHRhdXJpIHNlY3JldCBrZXkKUlVRZFg5dmJZd053WkFOaU",
        "RRZ3NaQ2sybmgxMTA4WE9yYURPWlJFakl5WUw0bzhYellXWnJuaDU4NFpSc3p1VXhQT1FGK0pyOGVLNG9QM0d1Mm1G",
        "S051RzB0U2pMaEJyREE4PQp0cnVzdGVkIGNvbW1lbnQ6IHRpbWVzdGFtcDoxNzk1OTYxNTQzCWZpbGU6cC5BcHBJbW",
        "FnZQl2ZXJzaW9uOjAuMi4wCk9leGFTUlFoODZpcGhrVUt4UERxTW1pUkNYckpSWGFpTklIVUU0eFFoV1d3UytxaE1N",
        "NDFTeDNOTTRKcnJLbXZ4WU1IaGl3eDdISU93bkpneDk5S0NnPT0K",
    );

    fn file(kind: [u8; 2], id: u8, rest: usize) -> String {
        let bytes: Vec<u8> = kind.into_iter().chain([id; 8]).chain(std::iter::repeat_n(7, rest)).collect();
        STANDARD.encode(format!("untrusted comment: minisign\n{}\n", STANDARD.encode(bytes)))
    }

    fn public() -> String {
        file(*b"Ed", 1, 32)
    }

    fn refused(public: &str, private: &str, address: &str) -> String {
        format!("{:#}", Renewal::of(public, private, address, "").unwrap_err())
    }

    #[test]
    fn without_keys_packages_do_not_renew_themselves() {
        assert_eq!(Renewal::of("", "", "", "").unwrap(), None);
        assert_eq!(Renewal::of("", "", ADDRESS, "").unwrap(), None);
    }

    #[test]
    fn what_the_real_tool_writes_is_read() {
        let renewal = Renewal::of(REAL_KEY, "private", ADDRESS, "").unwrap();
        assert!(renewal.is_some());
        assert_eq!(key_id(REAL_SIGNATURE).unwrap(), key_id(REAL_KEY).unwrap());
        let text = String::from_utf8(STANDARD.decode(REAL_SIGNATURE).unwrap()).unwrap();
        assert!(text.contains("\tversion:0.2.0\n"), "it names the version, which programs insist on: {text}");
    }

    #[test]
    fn half_of_it_is_refused_before_anything_is_built() {
        assert!(refused(&public(), "", ADDRESS).contains("TAURI_SIGNING_PRIVATE_KEY is not"));
        assert!(refused("", "private", ADDRESS).contains("POLYCHAT_UPDATE_KEY is not"));
        assert!(refused(&public(), "private", "").contains("POLYCHAT_UPDATE_URL is not set"));
        assert!(refused(&public(), "private", "http://example.com/latest.json").contains("https://"));
        let bare = STANDARD.encode([b'E', b'd', 1]);
        for nonsense in
            ["nonsense", &bare, &STANDARD.encode("untrusted comment: x\n"), &file(*b"Ed", 1, 3), &file(*b"RW", 1, 32)]
        {
            assert!(
                refused(nonsense, "private", ADDRESS).contains("POLYCHAT_UPDATE_KEY is no public key"),
                "{nonsense}"
            );
        }
    }

    #[test]
    fn a_whole_one_is_built_in_and_knows_what_it_has_signed() {
        let renewal = Renewal::of(&public(), "private", ADDRESS, "").unwrap().unwrap();
        let built_in = renewal.built_in();
        assert_eq!((&built_in["pubkey"], &built_in["endpoints"]), (&json!(public()), &json!([ADDRESS])));
        assert_eq!(built_in["requireSignedVersion"], true);
        let signature = std::env::temp_dir().join(format!("polychat-renewal-{}.sig", std::process::id()));
        for (id, fits) in [(1, true), (2, false)] {
            std::fs::write(&signature, file(*b"ED", id, 64)).unwrap();
            assert_eq!(renewal.has_signed(&signature).is_ok(), fits);
        }
        std::fs::remove_file(&signature).unwrap();
        assert!(renewal.has_signed(&signature).is_err(), "there is none");
    }

    #[test]
    fn when_the_key_changes_the_old_one_signs_what_waits_for_the_new_one() {
        let next = file(*b"Ed", 2, 32);
        let renewal = Renewal::of(&public(), "private", ADDRESS, &next).unwrap().unwrap();
        assert_eq!(renewal.built_in()["pubkey"], json!(next));
        let signature = std::env::temp_dir().join(format!("polychat-rotation-{}.sig", std::process::id()));
        std::fs::write(&signature, file(*b"ED", 1, 64)).unwrap();
        assert!(renewal.has_signed(&signature).is_ok());
        std::fs::remove_file(&signature).unwrap();
        let nonsense = Renewal::of(&public(), "private", ADDRESS, "nonsense").unwrap_err();
        assert!(format!("{nonsense:#}").contains("POLYCHAT_UPDATE_NEXT_KEY is no public key"));
    }
}
