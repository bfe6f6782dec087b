//! Where an overlay's window stands: one place for each arrangement of monitors, rescued when it would be off all of them.
//! Pure; the screens are told.

use polychat_model::saved::Place;

use super::geometry::Rect;

/// The least size of a window, in logical pixels.
pub(crate) const LEAST: (u32, u32) = (320, 64);

/// The size of a window that nobody has sized yet, in logical pixels.
const USUAL: (u32, u32) = (400, 600);

/// How much of a window must be on a work area, in physical pixels each way. Less cannot be grabbed.
const REACHABLE: u32 = 64;

/// The most places that are kept for one window: arrangements of one person's monitors are few, and the oldest go first.
const MAX_PLACES: usize = 16;

/// How far windows that begin in the middle stand apart, in logical pixels.
const STEP: i32 = 32;

/// A monitor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Screen {
    /// All of it.
    pub(crate) area: Rect,
    /// What panels and docks leave.
    pub(crate) work: Rect,
    /// Physical pixels for a logical one.
    pub(crate) scale: f64,
}

/// The name of an arrangement of monitors, such as `1920x1080+0+0@1 1280x1024+1920+0@1`. In whatever order they are told, the
/// same monitors have the same name.
pub(crate) fn arrangement(screens: &[Screen]) -> String {
    let mut sorted: Vec<_> =
        screens.iter().map(|s| (s.area.x, s.area.y, s.area.width, s.area.height, s.scale)).collect();
    sorted.sort_by_key(|screen| (screen.0, screen.1, screen.2, screen.3));
    let names = sorted.iter().map(|(x, y, width, height, scale)| format!("{width}x{height}{x:+}{y:+}@{scale}"));
    names.collect::<Vec<_>>().join(" ")
}

/// Where a window is to stand: where it stood with these monitors; else where it stood last, if that can be reached here; else
/// in the middle of the first screen. `nth` is its number among the windows, so that they do not lie on each other.
pub(crate) fn choose(places: &[Place], screens: &[Screen], nth: usize) -> Rect {
    let named = arrangement(screens);
    let known = places.iter().rfind(|place| place.arrangement == named).or(places.last());
    match known {
        Some(place) => rescued(Rect::new(place.x, place.y, place.width, place.height), screens),
        None => begin(screens, nth),
    }
}

/// `rect` if enough of it is on a work area, else in the middle of the nearest. Its size is brought into bounds in any case.
pub(crate) fn rescued(rect: Rect, screens: &[Screen]) -> Rect {
    let Some(nearest) = screens.iter().min_by_key(|screen| rect.distance(screen.area)) else { return rect };
    let largest = |of: fn(&Screen) -> u32| screens.iter().map(of).max().unwrap_or(u32::MAX);
    let (least_width, least_height) = least(nearest.scale);
    let rect = Rect {
        width: rect.width.min(largest(|s| s.work.width)).max(least_width),
        height: rect.height.min(largest(|s| s.work.height)).max(least_height),
        ..rect
    };
    let reachable = screens.iter().any(|screen| {
        let (width, height) = rect.shared(screen.work);
        width >= REACHABLE && height >= REACHABLE
    });
    if reachable { rect } else { rect.centered_in(nearest.work) }
}

/// `rect` in the middle of the screen that most of it is on.
pub(crate) fn centered(rect: Rect, screens: &[Screen]) -> Rect {
    let most = screens.iter().max_by_key(|screen| {
        let (width, height) = rect.shared(screen.area);
        (u64::from(width) * u64::from(height), std::cmp::Reverse(rect.distance(screen.area)))
    });
    most.map_or(rect, |screen| rect.centered_in(screen.work))
}

/// Physical pixels for a logical one where `rect` is.
pub(crate) fn scale_at(rect: Rect, screens: &[Screen]) -> f64 {
    let nearest = screens.iter().min_by_key(|screen| rect.distance(screen.area));
    nearest.map_or(1.0, |screen| sound(screen.scale))
}

/// Keeps a place, as the latest. Tells whether anything is new.
pub(crate) fn remember(places: &mut Vec<Place>, place: Place) -> bool {
    if places.last() == Some(&place) {
        return false;
    }
    places.retain(|other| other.arrangement != place.arrangement);
    places.push(place);
    let surplus = places.len().saturating_sub(MAX_PLACES);
    places.drain(..surplus);
    true
}

/// The least size on a screen with this scale, in physical pixels.
pub(crate) fn least(scale: f64) -> (u32, u32) {
    (physical(LEAST.0, scale), physical(LEAST.1, scale))
}

fn begin(screens: &[Screen], nth: usize) -> Rect {
    let Some(screen) = screens.first() else { return Rect::new(0, 0, USUAL.0, USUAL.1) };
    let size = Rect::new(0, 0, physical(USUAL.0, screen.scale), physical(USUAL.1, screen.scale));
    let middle = size.centered_in(screen.work);
    let apart = i32::try_from(physical(STEP.unsigned_abs(), screen.scale)).unwrap_or(STEP);
    let apart = apart.saturating_mul(i32::try_from(nth).unwrap_or(0));
    rescued(Rect { x: middle.x.saturating_add(apart), y: middle.y.saturating_add(apart), ..middle }, screens)
}

fn physical(logical: u32, scale: f64) -> u32 {
    (f64::from(logical) * sound(scale)).round() as u32
}

/// A scale that a system makes up is borne.
fn sound(scale: f64) -> f64 {
    if scale.is_finite() { scale.clamp(0.25, 8.0) } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use polychat_model::saved::Place;

    use super::super::geometry::Rect;
    use super::{MAX_PLACES, Screen, arrangement, centered, choose, remember, rescued, scale_at};

    /// 1920×1080 with a panel of 40 at the foot.
    const LEFT: Screen = Screen { area: Rect::new(0, 0, 1920, 1080), work: Rect::new(0, 0, 1920, 1040), scale: 1.0 };
    const RIGHT: Screen =
        Screen { area: Rect::new(1920, 0, 1280, 1024), work: Rect::new(1920, 0, 1280, 1024), scale: 1.0 };

    fn place(arrangement: &str, x: i32, y: i32) -> Place {
        Place { arrangement: arrangement.to_owned(), x, y, width: 400, height: 600 }
    }

    #[test]
    fn an_arrangement_has_one_name_in_any_order() {
        assert_eq!(arrangement(&[LEFT, RIGHT]), "1920x1080+0+0@1 1280x1024+1920+0@1");
        assert_eq!(arrangement(&[RIGHT, LEFT]), arrangement(&[LEFT, RIGHT]));
        let above = Screen { area: Rect::new(-1280, -720, 1280, 720), scale: 1.5, ..LEFT };
        assert_eq!(arrangement(&[above]), "1280x720-1280-720@1.5");
        assert_ne!(arrangement(&[LEFT]), arrangement(&[Screen { scale: 2.0, ..LEFT }]), "a scale is a part of it");
    }

    #[test]
    fn a_window_stands_where_it_stood_with_these_monitors() {
        let both = arrangement(&[LEFT, RIGHT]);
        let places = [place(&both, 2500, 100), place(&arrangement(&[LEFT]), 10, 20)];
        assert_eq!(choose(&places, &[RIGHT, LEFT], 0), Rect::new(2500, 100, 400, 600));
        assert_eq!(choose(&places, &[LEFT], 0), Rect::new(10, 20, 400, 600));
    }

    #[test]
    fn with_new_monitors_it_stands_where_it_stood_last_if_it_can() {
        let places = [place("800x600+0+0@1", 300, 200)];
        assert_eq!(choose(&places, &[LEFT], 0), Rect::new(300, 200, 400, 600));
        let places = [place(&arrangement(&[LEFT, RIGHT]), 2500, 100)];
        assert_eq!(choose(&places, &[LEFT], 0), Rect::new(760, 220, 400, 600), "the right screen is gone");
    }

    #[test]
    fn a_new_window_begins_in_the_middle_and_a_second_one_beside_it() {
        assert_eq!(choose(&[], &[LEFT], 0), Rect::new(760, 220, 400, 600));
        assert_eq!(choose(&[], &[LEFT], 1), Rect::new(792, 252, 400, 600));
        let fine = Screen { area: Rect::new(0, 0, 3840, 2160), work: Rect::new(0, 0, 3840, 2160), scale: 2.0 };
        assert_eq!(choose(&[], &[fine], 0), Rect::new(1520, 480, 800, 1200));
        assert!(choose(&[], &[LEFT], 500).x < 1920, "however many there are");
        assert_eq!(choose(&[], &[], 0).width, 400, "without any screen it has its size");
    }

    #[test]
    fn sixty_four_pixels_are_enough_and_sixty_three_are_not() {
        let at = |x, y| Rect::new(x, y, 400, 600);
        assert_eq!(rescued(at(1856, 100), &[LEFT]), at(1856, 100));
        assert_eq!(rescued(at(1857, 100), &[LEFT]), at(760, 220));
        assert_eq!(rescued(at(-336, -536), &[LEFT]), at(-336, -536));
        assert_eq!(rescued(at(-336, -537), &[LEFT]), at(760, 220));
        assert_eq!(rescued(at(100, 976), &[LEFT]), at(100, 976));
        assert_eq!(rescued(at(100, 977), &[LEFT]), at(760, 220), "what a panel covers does not count");
    }

    #[test]
    fn pixels_on_two_screens_do_not_add_up() {
        let gap = Screen { area: Rect::new(2280, 0, 800, 600), work: Rect::new(2280, 0, 800, 600), scale: 1.0 };
        let between = Rect::new(1900, 0, 420, 300);
        assert_ne!(rescued(between, &[LEFT, gap]), between, "20 pixels here and 40 there");
    }

    #[test]
    fn a_size_out_of_bounds_is_brought_back() {
        assert_eq!(rescued(Rect::new(10, 10, 1, 1), &[LEFT]), Rect::new(10, 10, 320, 64));
        let huge = rescued(Rect::new(i32::MIN, i32::MAX, u32::MAX, u32::MAX), &[LEFT, RIGHT]);
        assert_eq!((huge.width, huge.height), (1920, 1040));
        assert_eq!(rescued(huge, &[LEFT, RIGHT]), huge, "once is enough");
    }

    #[test]
    fn the_middle_is_that_of_its_own_screen() {
        assert_eq!(centered(Rect::new(2000, 900, 400, 600), &[LEFT, RIGHT]), Rect::new(2360, 212, 400, 600));
        assert_eq!(centered(Rect::new(9000, 0, 400, 600), &[LEFT, RIGHT]).x, 2360, "the nearest if it is on none");
    }

    #[test]
    fn the_scale_is_that_of_its_own_screen_and_sound() {
        let is = |rect, screens: &[Screen], scale: f64| (scale_at(rect, screens) - scale).abs() < f64::EPSILON;
        let fine = Screen { scale: 2.0, ..RIGHT };
        let corner = Rect::new(0, 0, 400, 600);
        assert!(is(Rect::new(2000, 0, 400, 600), &[LEFT, fine], 2.0) && is(corner, &[LEFT, fine], 1.0));
        assert!(is(corner, &[Screen { scale: f64::NAN, ..LEFT }], 1.0));
        assert!(is(corner, &[Screen { scale: 0.0, ..LEFT }], 0.25), "nothing is divided by zero");
    }

    #[test]
    fn one_place_an_arrangement_and_not_without_end() {
        let mut places = Vec::new();
        assert!(remember(&mut places, place("a", 1, 1)));
        assert!(!remember(&mut places, place("a", 1, 1)), "nothing is new");
        assert!(remember(&mut places, place("b", 2, 2)));
        assert!(remember(&mut places, place("a", 3, 3)));
        assert_eq!(places, [place("b", 2, 2), place("a", 3, 3)], "the latest is last");
        for n in 0..40 {
            remember(&mut places, place(&n.to_string(), n, 0));
        }
        assert_eq!(places.len(), MAX_PLACES);
        assert_eq!(places.last().map(|place| place.x), Some(39));
    }
}
