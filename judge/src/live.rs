//! The live configuration beside what is known of a target otherwise.

use kubevet_rules::model::{Outcome, Want};

use crate::collect::Source;

/// The longest answer, in bytes. A kubelet shows some thousand, an embedded one also what else runs in its process.
pub const MAX_ANSWER: u64 = 1 << 20;

/// A source with the live configuration beside it; or that alone.
pub struct WithLive {
    live: Outcome,
    beside: Option<Box<dyn Source>>,
}

impl WithLive {
    /// Nothing else is known of the kubelet.
    #[must_use]
    pub fn alone(live: Outcome) -> WithLive {
        WithLive { live, beside: None }
    }

    /// Everything else is as this source says.
    #[must_use]
    pub fn beside(live: Outcome, source: Box<dyn Source>) -> WithLive {
        WithLive { live, beside: Some(source) }
    }
}

impl Source for WithLive {
    fn answer(&self, want: &Want) -> Outcome {
        match (want, &self.beside) {
            (Want::LiveConfiguration, _) => self.live.clone(),
            (_, Some(source)) => source.answer(want),
            (_, None) => Outcome::Unavailable,
        }
    }
}
