//! Latencies in buckets that are at most 1.6 % wide.

/// Buckets for each power of two.
const FINE: u32 = 64;

/// Counts nanoseconds.
pub(crate) struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self { counts: vec![0; (64 * FINE) as usize], total: 0 }
    }

    pub(crate) fn record(&mut self, ns: u64) {
        let ns = ns.max(u64::from(FINE));
        let power = ns.ilog2();
        let within = (ns >> (power - FINE.ilog2())) as u32 - FINE;
        self.counts[(power * FINE + within) as usize] += 1;
        self.total += 1;
    }

    /// The lower edge of the bucket below which the part `q` of all values lies, in milliseconds.
    pub(crate) fn quantile_ms(&self, q: f64) -> f64 {
        let wanted = (self.total as f64 * q).ceil() as u64;
        let mut seen = 0;
        for (at, count) in (0u32..).zip(&self.counts) {
            seen += count;
            if *count > 0 && seen >= wanted {
                let (power, within) = (at / FINE, at % FINE);
                return (u64::from(FINE + within) << (power - FINE.ilog2())) as f64 / 1e6;
            }
        }
        0.0
    }
}
