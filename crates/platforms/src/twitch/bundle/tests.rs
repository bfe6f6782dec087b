use super::*;
use crate::twitch::Read;
use crate::twitch::testing::read_line;

fn gift(line: &str) -> GiftLine {
    let Read::Gift(gift) = read_line(line) else { panic!("{line}") };
    gift
}

fn announced(key: &str, count: u64) -> GiftLine {
    gift(&format!(
        "@id=bundle-{key};login=ann;user-id=9;msg-id=submysterygift;msg-param-community-gift-id={key};\
         msg-param-mass-gift-count={count};msg-param-sub-plan=1000;system-msg=ann\\sgives :t USERNOTICE #chan"
    ))
}

fn one(key: &str, to: u32) -> GiftLine {
    gift(&format!(
        "@id=gift-{key}-{to};login=ann;user-id=9;msg-id=subgift;msg-param-community-gift-id={key};\
         msg-param-recipient-id={to};msg-param-recipient-user-name=r{to};msg-param-recipient-display-name=R{to};\
         msg-param-sub-plan=1000;system-msg=x :t USERNOTICE #chan"
    ))
}

/// Of an event: id, revision, number, names, whether it is final.
fn seen(event: &ChatEvent) -> (&str, u32, u64, Vec<&str>, bool) {
    let Body::Event(data) = &event.body else { panic!("{event:?}") };
    let names = data.recipients.iter().map(|person| person.username.as_str()).collect();
    let combo = data.combo.as_ref().expect("a bundle has a combo");
    assert_eq!(data.count, Some(combo.count));
    (&event.id, event.revision, combo.count, names, combo.state == ComboState::Final)
}

fn after(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn a_mass_gift_is_one_event_that_grows_and_ends() {
    let (mut bundles, t) = (GiftBundles::default(), Instant::now());
    let out = bundles.push(announced("k", 3), t);
    assert_eq!(out.iter().map(seen).collect::<Vec<_>>(), [("tw:bundle-k", 0, 3, vec![], false)]);
    assert!(bundles.push(one("k", 1), t + after(10)).is_empty());
    assert!(bundles.push(one("k", 2), t + after(20)).is_empty());
    assert_eq!(bundles.next_tick(), Some(t + UPDATE_EVERY));
    let out = bundles.tick(t + UPDATE_EVERY);
    assert_eq!(out.iter().map(seen).collect::<Vec<_>>(), [("tw:bundle-k", 1, 3, vec!["r1", "r2"], false)]);
    let out = bundles.push(one("k", 3), t + after(600));
    assert_eq!(out.iter().map(seen).collect::<Vec<_>>(), [("tw:bundle-k", 2, 3, vec!["r1", "r2", "r3"], true)]);
    assert_eq!(bundles.next_tick(), None);
    assert!(bundles.push(one("k", 3), t + after(700)).is_empty(), "told again after a reconnect");
    assert!(bundles.tick(t + after(2_000)).is_empty());
}

#[test]
fn gifts_that_come_before_their_announcement_wait_for_it() {
    let (mut bundles, t) = (GiftBundles::default(), Instant::now());
    assert!(bundles.push(one("k", 1), t).is_empty());
    assert_eq!(bundles.next_tick(), Some(t + HOLD));
    let out = bundles.push(announced("k", 2), t + after(199));
    assert_eq!(out.iter().map(seen).collect::<Vec<_>>(), [("tw:bundle-k", 0, 2, vec!["r1"], false)]);
}

#[test]
fn gifts_whose_announcement_does_not_come_are_events_of_their_own() {
    let (mut bundles, t) = (GiftBundles::default(), Instant::now());
    bundles.push(one("k", 1), t);
    let out = bundles.tick(t + HOLD);
    assert_eq!(out.iter().map(|event| &*event.id).collect::<Vec<_>>(), ["tw:gift-k-1"]);
    let Body::Event(data) = &out[0].body else { panic!() };
    assert_eq!(data.combo, None);
}

#[test]
fn a_bundle_that_stays_incomplete_ends_and_still_takes_what_is_late() {
    let (mut bundles, t) = (GiftBundles::default(), Instant::now());
    bundles.push(announced("k", 5), t);
    let out = bundles.tick(t + WINDOW);
    assert_eq!(out.iter().map(seen).collect::<Vec<_>>(), [("tw:bundle-k", 1, 5, vec![], true)]);
    assert!(bundles.push(one("k", 1), t + WINDOW + after(1)).is_empty());
    let out = bundles.tick(t + WINDOW + after(1_000));
    assert_eq!(out.iter().map(seen).collect::<Vec<_>>(), [("tw:bundle-k", 2, 5, vec!["r1"], true)]);
    bundles.tick(t + MEMORY);
    assert_eq!(bundles.next_tick(), None, "forgotten");
    assert!(bundles.close(t + MEMORY).is_empty());
}

#[test]
fn two_givers_at_once_do_not_mix() {
    let (mut bundles, t) = (GiftBundles::default(), Instant::now());
    bundles.push(announced("a", 1), t);
    bundles.push(announced("b", 1), t);
    let out = bundles.push(one("a", 1), t);
    assert_eq!(out.iter().map(seen).collect::<Vec<_>>(), [("tw:bundle-a", 1, 1, vec!["r1"], true)]);
    let out = bundles.push(one("b", 2), t);
    assert_eq!(out.iter().map(seen).collect::<Vec<_>>(), [("tw:bundle-b", 1, 1, vec!["r2"], true)]);
}

#[test]
fn old_lines_are_joined_by_giver_and_plan_and_a_single_gift_passes_at_once() {
    let (mut bundles, t) = (GiftBundles::default(), Instant::now());
    let single = gift("@id=s;login=bob;user-id=3;msg-id=subgift;msg-param-sub-plan=1000 :t USERNOTICE #chan");
    assert_eq!(bundles.push(single.clone(), t), [single.event]);
    let announced = "@id=b;login=ann;user-id=9;msg-id=submysterygift;msg-param-origin-id=1f;\
                     msg-param-mass-gift-count=2;msg-param-sub-plan=1000 :t USERNOTICE #chan";
    bundles.push(gift(announced), t);
    let old = |id| {
        gift(&format!(
            "@id={id};login=ann;user-id=9;msg-id=subgift;msg-param-origin-id=da39;msg-param-recipient-user-name={id};\
             msg-param-sub-plan=1000 :t USERNOTICE #chan"
        ))
    };
    assert!(bundles.push(old("x"), t).is_empty());
    let out = bundles.push(old("y"), t);
    assert_eq!(out.iter().map(seen).collect::<Vec<_>>(), [("tw:b", 1, 2, vec!["x", "y"], true)]);
    let later = bundles.push(old("z"), t);
    assert_eq!(&*later[0].id, "tw:z", "complete: the next one is a gift of its own");
}

#[test]
fn memory_stays_bounded_under_a_flood() {
    let (mut bundles, t) = (GiftBundles::default(), Instant::now());
    let mut events = 0;
    for n in 0..MAX_HELD as u32 + 5 {
        events += bundles.push(one("never", n), t).len();
    }
    assert_eq!((events, bundles.held.len()), (5, MAX_HELD));
    for n in 0..MAX_BUNDLES + 5 {
        bundles.push(announced(&n.to_string(), 200), t);
    }
    assert_eq!(bundles.bundles.len(), MAX_BUNDLES);
    for n in 0..150 {
        bundles.push(one("68", n), t);
    }
    let last = bundles.close(t);
    let full = last.iter().map(seen_or_single).find(|(id, _)| *id == "tw:bundle-68").unwrap();
    assert_eq!(full.1, MAX_NAMED, "only so many are named");
    assert!(bundles.held.is_empty() && bundles.bundles.is_empty());
}

fn seen_or_single(event: &ChatEvent) -> (&str, usize) {
    let Body::Event(data) = &event.body else { panic!() };
    (&event.id, data.recipients.len())
}
