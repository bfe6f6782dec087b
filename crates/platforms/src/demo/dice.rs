//! Chance that is the same in every run and every build: the conversation can be tested and photographed.

/// Numbers after Sebastiano Vigna's `SplitMix64`, which needs one addition and a few shifts.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 if that is 0.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.roll().checked_rem(bound).unwrap_or(0)
    }

    /// One of `all`, which is not empty.
    pub(super) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}

/// A stack of cards: each comes once before any comes again. The first time they come in the order they were written.
#[derive(Debug, Clone)]
pub(super) struct Deck {
    order: Vec<usize>,
    drawn: usize,
}

impl Deck {
    /// Cards numbered from 0; at least one.
    pub(super) fn new(cards: usize) -> Self {
        Self { order: (0..cards).collect(), drawn: 0 }
    }

    /// The next card, and whether it is the first of a new round.
    pub(super) fn draw(&mut self, dice: &mut Dice) -> (usize, bool) {
        let is_new_round = self.drawn == self.order.len();
        if is_new_round {
            self.drawn = 0;
            let last = self.order[self.order.len() - 1];
            for i in (1..self.order.len()).rev() {
                self.order.swap(i, dice.below(i as u64 + 1) as usize);
            }
            // Nothing twice in a row.
            if self.order[0] == last {
                self.order.rotate_left(1);
            }
        }
        self.drawn += 1;
        (self.order[self.drawn - 1], is_new_round)
    }
}
