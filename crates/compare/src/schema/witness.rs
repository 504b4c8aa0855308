//! Counter-examples.

use super::engine::Engine;
use super::found::Found;
use crate::Direction;

/// Finds values that one version takes and the other refuses.
pub(super) struct Judge<'g> {
    _graph: std::marker::PhantomData<&'g ()>,
}

impl<'g> Judge<'g> {
    pub(super) fn new(_engine: &Engine<'g>) -> Self {
        Self { _graph: std::marker::PhantomData }
    }

    pub(super) fn counter_example(
        &mut self,
        _engine: &Engine<'_>,
        _found: &Found,
        _direction: Option<Direction>,
    ) -> Option<String> {
        None
    }
}
