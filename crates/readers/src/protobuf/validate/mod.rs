use tenon_graph::protobuf::Protobuf;
use tenon_source::proto::ast;
use tenon_source::{Finding, SourceFile};
pub(super) fn validate(_protobuf: &Protobuf, _files: &[&SourceFile], _trees: &[&ast::File]) -> Vec<Finding> {
    Vec::new()
}
