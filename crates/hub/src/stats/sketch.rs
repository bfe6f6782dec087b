//! How many different ids there were, in 4 KiB, however many they are: `HyperLogLog` (Flajolet and others, 2007).
//!
//! Our own, because it is saved in files: its hash and its registers must not change with a library's version.

/// 2^12 registers: a standard error of 1.04 / √4,096 = 1.6 %.
const BITS: u32 = 12;
const REGISTERS: usize = 1 << BITS;

/// A hash that is the same in every version: FNV-1a, with its bits mixed as `MurmurHash3` ends.
pub(crate) fn hash(id: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in id.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

pub(crate) struct Sketch(Vec<u8>);

impl Sketch {
    pub(crate) fn new() -> Self {
        Self(vec![0; REGISTERS])
    }

    /// From saved registers; `None` if they are none.
    pub(crate) fn restore(registers: &[u8]) -> Option<Self> {
        let fits = registers.len() == REGISTERS && registers.iter().all(|&rank| u32::from(rank) <= 64 - BITS + 1);
        fits.then(|| Self(registers.to_vec()))
    }

    pub(crate) fn registers(&self) -> &[u8] {
        &self.0
    }

    /// True if that was news.
    pub(crate) fn add(&mut self, hash: u64) -> bool {
        let register = (hash >> (64 - BITS)) as usize;
        // The bit that is set stops the count where the hash has no more bits.
        let rank = ((hash << BITS) | (1 << (BITS - 1))).leading_zeros() as u8 + 1;
        let higher = rank > self.0[register];
        if higher {
            self.0[register] = rank;
        }
        higher
    }

    /// Adds all that another one has seen. True if that was news.
    pub(crate) fn absorb(&mut self, other: &Self) -> bool {
        let mut news = false;
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            news |= other > own;
            *own = (*own).max(*other);
        }
        news
    }

    pub(crate) fn estimate(&self) -> u64 {
        let registers = REGISTERS as f64;
        let sum: f64 = self.0.iter().map(|&rank| (-f64::from(rank)).exp2()).sum();
        let estimate = 0.7213 / (1.0 + 1.079 / registers) * registers * registers / sum;
        let empty = REGISTERS - self.0.iter().map(|&rank| usize::from(rank > 0)).sum::<usize>();
        // Counts of empty registers are better while there are many of them.
        let estimate = if estimate <= 2.5 * registers && empty > 0 {
            registers * (registers / empty as f64).ln()
        } else {
            estimate
        };
        estimate.round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_estimate_is_within_three_standard_errors() {
        let mut sketch = Sketch::new();
        let mut added = 0_u64;
        for goal in [10_u64, 1_000, 5_000, 10_000, 20_000, 100_000, 1_000_000] {
            while added < goal {
                sketch.add(hash(&format!("user-{added}")));
                added += 1;
            }
            let error = (sketch.estimate() as f64 - goal as f64).abs() / goal as f64;
            assert!(error < 0.05, "{goal}: {} is off by {error}", sketch.estimate());
        }
        assert_eq!(Sketch::restore(sketch.registers()).unwrap().estimate(), sketch.estimate());
        assert!(Sketch::restore(&[1, 2, 3]).is_none() && Sketch::restore(&[255; REGISTERS]).is_none());
    }

    #[test]
    fn the_hash_stays_what_saved_files_know() {
        assert_eq!(hash("a"), 0x82a2_a958_a9be_ce5b, "computed with another program");
    }
}
