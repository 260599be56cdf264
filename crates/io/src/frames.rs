//! Frames one after another, from any file.

use crate::{Frame, ReadError};

/// Something that yields frames until its file ends.
pub(crate) trait FrameSource {
    /// The next frame; `None` at the end of the file.
    fn next_frame(&mut self) -> Result<Option<Frame>, ReadError>;
}

/// Frames of a file, read one at a time; after an error there are no more.
pub struct Frames {
    source: Option<Box<dyn FrameSource>>,
}

impl Frames {
    pub(crate) fn new(source: impl FrameSource + 'static) -> Self {
        Self {
            source: Some(Box::new(source)),
        }
    }
}

impl Iterator for Frames {
    type Item = Result<Frame, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.source.as_mut()?.next_frame().transpose();
        if !matches!(next, Some(Ok(_))) {
            self.source = None;
        }
        next
    }
}

impl std::fmt::Debug for Frames {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Frames").finish_non_exhaustive()
    }
}
