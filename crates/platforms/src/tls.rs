//! The one place that chooses a cryptography provider for TLS.

use std::sync::Once;

/// Makes `ring` the provider of every TLS connection of this process, once.
///
/// Whoever opens a TLS connection calls this first. A provider that the program has chosen before stays.
pub fn install_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error says that one is installed already, which is all that is wanted.
        drop(rustls::crypto::ring::default_provider().install_default());
    });
}
