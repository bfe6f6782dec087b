//! Rectangles in physical pixels, and how they are dragged. Whatever a file or a system says is borne: sums are wider than
//! what they are made of.

/// A rectangle in physical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rect {
    /// The left edge.
    pub(crate) x: i32,
    /// The upper edge.
    pub(crate) y: i32,
    /// The width.
    pub(crate) width: u32,
    /// The height.
    pub(crate) height: u32,
}

impl Rect {
    /// A rectangle by its left and upper edge, its width and its height.
    pub(crate) const fn new(x: i32, y: i32, width: u32, height: u32) -> Self {
        Self { x, y, width, height }
    }

    fn right(self) -> i64 {
        i64::from(self.x) + i64::from(self.width)
    }

    fn bottom(self) -> i64 {
        i64::from(self.y) + i64::from(self.height)
    }

    /// How wide and high the part is that both have; 0 if there is none.
    pub(crate) fn shared(self, other: Self) -> (u32, u32) {
        let along = |from: i32, to: i64, other_from: i32, other_to: i64| {
            let length = to.min(other_to) - i64::from(from.max(other_from));
            u32::try_from(length.max(0)).unwrap_or(u32::MAX)
        };
        let width = along(self.x, self.right(), other.x, other.right());
        let height = along(self.y, self.bottom(), other.y, other.bottom());
        if width == 0 || height == 0 { (0, 0) } else { (width, height) }
    }

    /// A rectangle of this size in the middle of `area`.
    pub(crate) fn centered_in(self, area: Self) -> Self {
        let middle = |from: i32, outer: u32, inner: u32| {
            let at = i64::from(from) + (i64::from(outer) - i64::from(inner)) / 2;
            // A window that is larger than the area begins where the area does, so that its frame can be reached.
            whole(at.max(i64::from(from)))
        };
        Self { x: middle(area.x, area.width, self.width), y: middle(area.y, area.height, self.height), ..self }
    }

    /// The square of the distance between the two middles.
    pub(crate) fn distance(self, other: Self) -> u128 {
        let between = |a: i64, b: i64| u128::from(a.abs_diff(b)).pow(2);
        between(i64::from(self.x) + self.right(), i64::from(other.x) + other.right())
            + between(i64::from(self.y) + self.bottom(), i64::from(other.y) + other.bottom())
    }
}

/// As near to `value` as a coordinate can be.
fn whole(value: i64) -> i32 {
    i32::try_from(value).unwrap_or(if value < 0 { i32::MIN } else { i32::MAX })
}

/// Where `start` is once the pointer, which holds it by `grip`, has gone `dx` and `dy`. An edge that is dragged stops where
/// the window would become smaller than `least`; the opposite one never moves.
pub(crate) fn dragged(start: Rect, grip: polychat_model::window::Grip, dx: i32, dy: i32, least: (u32, u32)) -> Rect {
    let (x, width) = along(start.x, start.width, dx, grip.horizontal(), least.0);
    let (y, height) = along(start.y, start.height, dy, grip.vertical(), least.1);
    Rect { x, y, width, height }
}

/// The same in one direction. `edge` is -1 for the edge where coordinates begin, 1 for the other, `None` to move both.
fn along(from: i32, length: u32, by: i32, edge: Option<i32>, least: u32) -> (i32, u32) {
    let grown = |by: i64| u32::try_from((i64::from(length) + by).max(i64::from(least))).unwrap_or(u32::MAX);
    match edge {
        None => (from.saturating_add(by), length),
        Some(0) => (from, length),
        Some(edge) if edge > 0 => (from, grown(i64::from(by))),
        Some(_) => {
            let length_then = grown(-i64::from(by));
            (whole(i64::from(from) + i64::from(length) - i64::from(length_then)), length_then)
        }
    }
}

#[cfg(test)]
mod tests {
    use polychat_model::window::Grip;

    use super::{Rect, dragged};

    const START: Rect = Rect::new(100, 200, 400, 600);
    const LEAST: (u32, u32) = (320, 64);

    #[test]
    fn what_two_rectangles_share() {
        let screen = Rect::new(0, 0, 1920, 1080);
        assert_eq!(Rect::new(1900, 1000, 400, 600).shared(screen), (20, 80));
        assert_eq!(Rect::new(-400, 0, 400, 600).shared(screen), (0, 0), "beside it is not on it");
        assert_eq!(Rect::new(i32::MAX, i32::MAX, u32::MAX, u32::MAX).shared(screen), (0, 0));
        assert_eq!(Rect::new(i32::MIN, i32::MIN, u32::MAX, u32::MAX).shared(screen), (1920, 1080));
    }

    #[test]
    fn the_middle_and_what_is_too_large_for_it() {
        let screen = Rect::new(1920, 0, 1280, 1024);
        assert_eq!(START.centered_in(screen), Rect::new(2360, 212, 400, 600));
        let high = Rect::new(0, 0, 400, 2000);
        assert_eq!(high.centered_in(screen).y, 0, "its upper edge can be reached");
    }

    #[test]
    fn moving_keeps_the_size() {
        assert_eq!(dragged(START, Grip::Move, -30, 5, LEAST), Rect::new(70, 205, 400, 600));
        assert_eq!(dragged(START, Grip::Move, i32::MIN, i32::MAX, LEAST).width, 400);
    }

    #[test]
    fn an_edge_moves_alone() {
        assert_eq!(dragged(START, Grip::East, 50, 99, LEAST), Rect::new(100, 200, 450, 600));
        assert_eq!(dragged(START, Grip::North, 99, -40, LEAST), Rect::new(100, 160, 400, 640));
        assert_eq!(dragged(START, Grip::SouthWest, -10, 20, LEAST), Rect::new(90, 200, 410, 620));
    }

    #[test]
    fn an_edge_stops_at_the_least_size_and_the_other_stays() {
        assert_eq!(dragged(START, Grip::NorthWest, 5000, 5000, LEAST), Rect::new(180, 736, 320, 64));
        assert_eq!(dragged(START, Grip::SouthEast, -5000, -5000, LEAST), Rect::new(100, 200, 320, 64));
        assert_eq!(dragged(START, Grip::West, i32::MIN, 0, LEAST).width, 400 + (1 << 31));
    }
}
