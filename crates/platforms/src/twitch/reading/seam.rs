//! Stands where the side services will be: knows nothing, asks nobody.

use std::sync::Arc;

use super::super::TwitchConfig;
use super::super::catalog::Lookups;
use crate::Outlet;

#[allow(dead_code, reason = "the side services make the others")]
pub(crate) enum Resolution {
    Found(ChannelInfo),
    NotFound,
    Suspended { reason: String },
    Unknown,
}

pub(crate) struct ChannelInfo {
    pub(crate) login: String,
    pub(crate) live: Option<bool>,
}

pub(crate) struct Side;

pub(crate) struct RoomGuard;

#[allow(clippy::unused_self, reason = "the signatures are those of the side services")]
impl RoomGuard {
    pub(crate) fn live(&self) -> Option<bool> {
        None
    }

    pub(crate) fn reading(&self, _reading: bool) {}
}

#[allow(clippy::unused_self, clippy::unused_async, reason = "the signatures are those of the side services")]
impl Side {
    pub(crate) fn new(_config: &TwitchConfig) -> Arc<Self> {
        Arc::new(Self)
    }

    pub(crate) async fn resolve(&self, _login: &str) -> Resolution {
        Resolution::Unknown
    }

    pub(crate) async fn recent(&self, _login: &str, _after_ms: Option<i64>, _limit: u32) -> Vec<String> {
        Vec::new()
    }

    pub(crate) fn lookups(&self, _room_id: &str) -> Lookups {
        Lookups::default()
    }

    pub(crate) fn open_room(self: &Arc<Self>, _login: &str, _room_id: Arc<str>, _out: Outlet) -> RoomGuard {
        RoomGuard
    }
}
