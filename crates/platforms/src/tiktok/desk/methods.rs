//! Names of messages that are known and tell viewers of a chat nothing.

/// Sorted. As recorded from 2023 to 2026; those of shops, games, rankings and the picture beside the chat.
const IGNORED: &[&str] = &[
    "LinkMicMethod",
    "WebcastAccessRecallMessage",
    "WebcastAnchorToolModificationMessage",
    "WebcastBALeadGenMessage",
    "WebcastBottomMessage",
    "WebcastCapsuleMessage",
    "WebcastDonationStickerModifyMethod",
    "WebcastEcShortItemRefreshMessage",
    "WebcastEcTaskRegisterMessage",
    "WebcastEnvelopePortalMessage",
    "WebcastGiftBroadcastMessage",
    "WebcastGiftCollectionUpdateMessage",
    "WebcastGiftDynamicRestrictionMessage",
    "WebcastGiftPanelUpdateMessage",
    "WebcastGoodyBagMessage",
    "WebcastHashtagMessage",
    "WebcastHourlyRankMessage",
    "WebcastHourlyRankRewardMessage",
    "WebcastInRoomBannerMessage",
    "WebcastInRoomBannerRefreshMessage",
    "WebcastLinkLayerMessage",
    "WebcastLinkMessage",
    "WebcastLinkMicAnchorGuideMessage",
    "WebcastLinkMicBattleItemCard",
    "WebcastLinkMicBattlePunishFinish",
    "WebcastLinkMicFanTicketMethod",
    "WebcastLinkMicLayoutStateMessage",
    "WebcastLinkMicMethod",
    "WebcastLinkScreenChangeMessage",
    "WebcastLinkmicBattleNoticeMessage",
    "WebcastLinkmicBattleTaskMessage",
    "WebcastMarqueeAnnouncementMessage",
    "WebcastMsgDetectMessage",
    "WebcastOecLiveShoppingMessage",
    "WebcastPaidContentLiveShoppingMessage",
    "WebcastPartnershipCardChangeMessage",
    "WebcastPartnershipDownloadCountMessage",
    "WebcastPartnershipDropsUpdateMessage",
    "WebcastPerceptionMessage",
    "WebcastPictionaryEndMessage",
    "WebcastPictionaryExitMessage",
    "WebcastPictionaryStartMessage",
    "WebcastPictionaryUpdateMessage",
    "WebcastQuestionDeleteMessage",
    "WebcastQuestionSelectedMessage",
    "WebcastQuestionSlideDownMessage",
    "WebcastQuestionSwitchMessage",
    "WebcastRankTextMessage",
    "WebcastRankUpdateMessage",
    "WebcastRoomNotifyMessage",
    "WebcastRoomStickerMessage",
    "WebcastRoomVerifyMessage",
    "WebcastSubPinEventMessage",
    "WebcastSubTimerStickerMessage",
    "WebcastSubWaveMessage",
    "WebcastSubscriptionGuideMessage",
    "WebcastUpdateShareRevenueNoticeMessage",
    "WebcastWeeklyRankRewardMessage",
];

pub(super) fn is_ignored(method: &[u8]) -> bool {
    IGNORED.binary_search_by(|name| name.as_bytes().cmp(method)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_known_to_be_ignored() {
        assert!(IGNORED.is_sorted());
        assert!(is_ignored(b"WebcastRankUpdateMessage") && !is_ignored(b"WebcastChatMessage") && !is_ignored(b""));
    }
}
