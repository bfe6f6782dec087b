//! Ids as TikTok makes them: 19 digits, of which the upper half is a time.

/// When the accounts of the simulation were made.
const ACCOUNTS_SINCE: u64 = 1_500_000_000;

/// When the first broadcast of the simulation was.
const ROOMS_SINCE: u64 = 1_755_000_000;

/// An odd number: multiplied by it, the numbers of a second come in no order, and never twice.
const SCATTER: u32 = 0x9e37_79b1;

/// The user id that a name has in every simulation.
pub fn user_id(name: &str) -> u64 {
    let hash = hash(&clean(name), 0);
    ((ACCOUNTS_SINCE + hash % 200_000_000) << 32) | (hash >> 32)
}

/// The id of the broadcast with this number, from 0, of a channel. It is the same in every simulation.
pub fn room_id(name: &str, number: u64) -> u64 {
    let hash = hash(&clean(name), 1);
    ((ROOMS_SINCE + number * 86_400 + hash % 80_000) << 32) | (hash >> 32)
}

/// What TikTok calls a user in pages.
pub(super) fn sec_uid(name: &str) -> String {
    let bytes: Vec<u8> = (2..9).flat_map(|seed| hash(&clean(name), seed).to_le_bytes()).collect();
    format!("MS4wLjABAAAA{}", crate::proto::base64url(&bytes))
}

/// The id of message `number` in a second; greater is not later.
pub(super) fn message_id(seconds: u64, number: u32) -> u64 {
    (seconds << 32) | u64::from(number.wrapping_mul(SCATTER))
}

/// A name without `@`, in small letters.
pub(super) fn clean(name: &str) -> String {
    name.trim_start_matches('@').to_lowercase()
}

pub(super) fn hash(text: &str, seed: u64) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_19_digits_and_follow_the_name() {
        for id in
            [user_id("luna"), user_id("@orchid"), room_id("luna", 0), room_id("luna", 1), message_id(1_764_000_000, 7)]
        {
            assert_eq!(id.to_string().len(), 19, "{id}");
        }
        assert_eq!(user_id("@Luna"), user_id("luna"));
        assert_ne!(user_id("luna"), user_id("orchid"));
        assert_ne!(room_id("luna", 0), room_id("luna", 1));
    }
}
