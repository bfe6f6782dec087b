//! The frame of an answer as JSON: everything but the actions.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::youtube::lenient::{FromAny, List, Maybe, Num, Obj, Str, any};
use crate::youtube::text::Text;

#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a, A: Deserialize<'de>"))]
pub(super) struct Envelope<'a, A> {
    /// The whole answer one level deeper; not read at once, or hostile answers could nest it without an end.
    #[serde(borrow)]
    pub(super) response: Option<&'a RawValue>,
    pub(super) response_context: Obj<Context<'a>>,
    pub(super) error: Maybe<ErrorBody<'a>>,
    pub(super) continuation_contents: Obj<ContinuationContents<'a, A>>,
    pub(super) contents: Obj<Contents<'a, A>>,
    pub(super) framework_updates: Obj<FrameworkUpdates>,
    #[serde(rename = "liveChatStreamingResponseExtension")]
    pub(super) streaming: Obj<Streaming>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Context<'a> {
    #[serde(borrow)]
    pub(super) visitor_data: Str<'a>,
    pub(super) errors: Present,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ErrorBody<'a> {
    pub(super) code: Num,
    #[serde(borrow)]
    pub(super) status: Str<'a>,
}

#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a, A: Deserialize<'de>"))]
pub(super) struct ContinuationContents<'a, A> {
    #[serde(borrow)]
    pub(super) live_chat_continuation: Maybe<View<'a, A>>,
}

#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a, A: Deserialize<'de>"))]
pub(super) struct Contents<'a, A> {
    #[serde(borrow)]
    pub(super) live_chat_renderer: Maybe<View<'a, A>>,
    pub(super) message_renderer: Maybe<Message<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Message<'a> {
    #[serde(borrow)]
    pub(super) text: Obj<Text<'a>>,
}

/// The chat itself.
#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a, A: Deserialize<'de>"))]
pub(super) struct View<'a, A> {
    #[serde(borrow)]
    pub(super) continuations: Continuations<'a>,
    pub(super) actions: List<A>,
    #[serde(borrow)]
    pub(super) header: Option<&'a RawValue>,
    pub(super) client_messages: Present,
}

pub(super) type Continuations<'a> = List<Obj<OneContinuation<'a>>>;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OneContinuation<'a> {
    #[serde(borrow, rename = "invalidationContinuationData")]
    pub(super) invalidation: Maybe<ContinuationData<'a>>,
    #[serde(rename = "timedContinuationData")]
    pub(super) timed: Maybe<ContinuationData<'a>>,
    #[serde(rename = "reloadContinuationData")]
    pub(super) reload: Maybe<ContinuationData<'a>>,
    #[serde(rename = "liveChatReplayContinuationData")]
    pub(super) replay: Maybe<ContinuationData<'a>>,
    #[serde(rename = "playerSeekContinuationData")]
    pub(super) seek: Maybe<ContinuationData<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ContinuationData<'a> {
    #[serde(borrow)]
    pub(super) continuation: Str<'a>,
    pub(super) timeout_ms: Num,
    #[serde(rename = "timeUntilLastMessageMsec")]
    pub(super) until_last_message_ms: Num,
    pub(super) invalidation_id: Obj<InvalidationId<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct InvalidationId<'a> {
    #[serde(borrow)]
    pub(super) topic: Str<'a>,
    #[serde(rename = "protoCreationTimestampMs")]
    pub(super) server_time_ms: Num,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct FrameworkUpdates {
    pub(super) entity_batch_update: Obj<EntityBatchUpdate>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EntityBatchUpdate {
    pub(super) mutations: List<Obj<Mutation>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Mutation {
    pub(super) payload: Obj<Payload>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Payload {
    pub(super) like_count_entity: Obj<LikeCount>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LikeCount {
    #[serde(rename = "likeCountIfIndifferentNumber")]
    pub(super) if_indifferent: Num,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Streaming {
    pub(super) last_publish_at_usec: Num,
}

/// Whether a key has an object or a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Present(pub(super) bool);

impl<'de> FromAny<'de> for Present {
    fn of_map<A: serde::de::MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        crate::youtube::lenient::skip_map(&mut map)?;
        Ok(Self(true))
    }
    fn of_list<A: serde::de::SeqAccess<'de>>(mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(Self(true))
    }
}

impl<'de> Deserialize<'de> for Present {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        any(deserializer)
    }
}

/// By hand, as deriving it would ask for a default action.
macro_rules! empty {
    ($($name:ident { $($field:ident),* })*) => {$(
        impl<A> Default for $name<'_, A> {
            fn default() -> Self {
                Self { $($field: Default::default()),* }
            }
        }
    )*};
}

empty! {
    Envelope { response, response_context, error, continuation_contents, contents, framework_updates, streaming }
    ContinuationContents { live_chat_continuation }
    Contents { live_chat_renderer, message_renderer }
    View { continuations, actions, header, client_messages }
}
