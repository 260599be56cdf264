//! Random numbers of events.

use frit_engine::random::{Purpose, Streams};

use super::Residence;

/// Random numbers of four events from one block of the generator.
///
/// Event n has word n mod 4 of address n / 4: what an event draws depends on its number alone, and
/// a restart needs no state of a generator.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    streams: Streams,
    replica: u64,
    block: u64,
    words: [u64; 4],
}

impl Numbers {
    pub(super) fn new(streams: Streams, replica: u64) -> Self {
        let mut numbers = Self {
            streams,
            replica,
            block: 0,
            words: [0; 4],
        };
        numbers.draw(0);
        numbers
    }

    fn draw(&mut self, block: u64) {
        self.block = block;
        self.words = self.streams.block(Purpose::AdatomHop, block, self.replica);
    }

    /// The number, 0 ≤ x < 1, that chooses an event.
    #[inline]
    pub(super) fn of_event(&mut self, event: u64) -> f64 {
        if self.block != event / 4 {
            self.draw(event / 4);
        }
        unit(self.words[(event % 4) as usize])
    }

    /// How long the state before an event lasts, in units of its mean.
    #[inline]
    pub(super) fn residence(&self, kind: Residence, event: u64) -> f64 {
        match kind {
            Residence::Mean => 1.0,
            Residence::Random => {
                let mut stream = self
                    .streams
                    .stream(Purpose::AdatomResidence, event, self.replica);
                -(1.0 - unit(stream.bits())).ln()
            }
        }
    }
}

/// A uniform number, 0 ≤ x < 1.
#[inline]
fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}
