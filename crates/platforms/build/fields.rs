//! What is read of TikTok's messages. A message or field that is not here is skipped over.

/// Messages, and the names of the fields that are read of them.
pub(crate) const READ: &[(&str, &str)] = &[
    // The envelope. Frames that come in are taken apart by hand (tiktok/frame): these are for those that go out, and for
    // tests.
    ("PushFrame", "seq_id log_id headers payload_encoding payload_type payload"),
    ("PushHeader", "key value"),
    ("HeartBeat", "room_id"),
    ("EnterRoom", "room_id live_id identity enter_unique_id filter_welcome_msg"),
    ("FetchResult", "messages cursor now internal_ext need_ack push_server"),
    ("BaseMessage", "method payload msg_id is_history"),
    // Shared parts.
    ("Common", "msg_id create_time"),
    ("Text", "key default_pattern pieces"),
    ("TextPiece", "string_value user_value gift_value pattern_ref"),
    ("PieceUser", "user"),
    ("PieceGift", "name_ref"),
    ("PatternRef", "default_pattern"),
    ("Image", "url_list content"),
    ("ImageContent", "name"),
    // People.
    ("User", "id nickname avatar_thumb verified attr unique_id badges id_str is_subscribe"),
    ("UserAttr", "is_admin"),
    ("UserIdentity", "is_subscriber is_moderator is_anchor"),
    ("Badge", "display_type scene_type log image combine"),
    ("PrivilegeLog", "level"),
    ("ImageBadge", "image"),
    ("CombineBadge", "icon str"),
    // Chat.
    ("WebcastChatMessage", "common user content at_user emotes user_identity mention_users"),
    ("WebcastEmoteChatMessage", "common user emotes user_identity"),
    ("EmoteAt", "index emote"),
    ("Emote", "emote_id image"),
    // Gifts.
    (
        "WebcastGiftMessage",
        "common gift_id repeat_count user to_user repeat_end group_id gift monitor user_identity to_member_nickname",
    ),
    ("Gift", "image combo type diamond_count name icon"),
    ("GiftMonitor", "to_user_id"),
    ("WebcastEnvelopeMessage", "common envelope display"),
    ("Envelope", "envelope_id send_user_name diamond_count people_count send_user_id send_user_avatar"),
    // Who comes and goes.
    ("WebcastMemberMessage", "common user action"),
    ("WebcastUnauthorizedMemberMessage", "common action nick_name"),
    ("WebcastLikeMessage", "common count total user"),
    ("WebcastSocialMessage", "common user action follow_count share_count"),
    ("WebcastRoomUserSeqMessage", "common total"),
    ("WebcastSubNotifyMessage", "common user sub_month old_status message_type subscribing_status is_send"),
    ("WebcastBarrageMessage", "common msg_type content common_barrage_content user user_grade fans_level sub_gift"),
    ("GradeParam", "current_grade user"),
    ("FansLevelParam", "current_grade user"),
    ("SubGiftParam", "gift_sub_count"),
    // Control.
    ("WebcastControlMessage", "common action"),
    ("WebcastImDeleteMessage", "common delete_msg_ids delete_user_ids"),
    (
        "WebcastRoomPinMessage",
        "common chat social gift member like method pin_time operator action display_duration pin_msg_id",
    ),
    ("WebcastAccessControlMessage", "common"),
    ("WebcastLiveIntroMessage", "common id content user"),
    ("WebcastRoomMessage", "common content is_welcome"),
    ("WebcastCaptionMessage", "common timestamp_ms content sentence_id definite"),
    ("CaptionText", "text"),
    // Questions, polls and goals.
    ("WebcastQuestionNewMessage", "common question"),
    ("Question", "id text user"),
    ("WebcastPollMessage", "common message_type poll_id start end update"),
    ("PollStart", "end_time options title operator"),
    ("PollEnd", "options operator"),
    ("PollUpdate", "options operator"),
    ("PollOption", "votes text index"),
    ("WebcastGoalUpdateMessage", "common goal"),
    ("Goal", "id type sub_goals description"),
    ("SubGoal", "type id progress target gift"),
    ("SubGoalGift", "name"),
    // Battles.
    ("WebcastLinkMicBattle", "common battle_id settings action results armies anchors"),
    ("BattleSetting", "duration_s"),
    ("BattleResult", "user_id result score"),
    ("BattleUserEntry", "anchor_id info"),
    ("BattleUserInfo", "user"),
    ("BattleUser", "user_id nickname avatar unique_id"),
    ("ArmiesEntry", "anchor_id armies"),
    ("BattleArmies", "host_score"),
    ("WebcastLinkMicArmies", "common battle_id armies"),
];
