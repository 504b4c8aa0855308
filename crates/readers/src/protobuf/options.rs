use super::scope::Visible;
use tenon_graph::protobuf::Protobuf;
use tenon_source::Finding;
pub(super) fn resolve(_protobuf: &mut Protobuf, _visible: &[Visible], _partial: &[bool]) -> Vec<Finding> {
    Vec::new()
}
