//! What the gates look at: one contract, its manifests and its repository.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use tenon_graph::Graph;
use tenon_graph::service::ServiceDialect;
use tenon_source::{At, FileId, Finding, Level, Node, NodeId};

use super::RepositoryFiles;
use super::report::{Endpoint, kind_of};
use crate::facts::service::{ServiceFacts, services};
use crate::{Context, rules};

/// One contract with all that a gate may look at.
pub struct GateInput<'g> {
    pub(super) ctx: Context<'g>,
    pub(super) contract: FileId,
    pub(super) files: &'g RepositoryFiles,
    facts: OnceLock<Option<ServiceFacts<'g>>>,
    findings: OnceLock<Vec<Finding>>,
}

impl<'g> GateInput<'g> {
    /// The input of the gates, if the file can be one.
    ///
    /// # Errors
    /// Why no gate can say anything about the file: it holds no array `endpoints`.
    pub fn new(ctx: Context<'g>, contract: FileId, files: &'g RepositoryFiles) -> Result<Self, String> {
        let root = ctx.graph.node(At { file: contract, node: NodeId::ROOT });
        if !root.is_object() {
            return Err(format!("a service contract is an object, and this is {}", kind_of(root)));
        }
        match root.get("endpoints") {
            None => return Err("the contract has no `endpoints`".to_owned()),
            Some(list) if !list.is_array() => {
                return Err(format!("`endpoints` is {}, not an array", kind_of(list)));
            }
            Some(_) => {}
        }
        // Rules look at what was read as a contract; of anything else they would say nothing.
        if !ctx.graph.services.iter().any(|service| service.file == contract) {
            return Err("the file was not read as a service contract".to_owned());
        }
        Ok(Self { ctx, contract, files, facts: OnceLock::new(), findings: OnceLock::new() })
    }

    /// The root object of the contract.
    pub(super) fn root(&self) -> Node<'g> {
        self.ctx.graph.node(self.root_at())
    }

    pub(super) fn root_at(&self) -> At {
        At { file: self.contract, node: NodeId::ROOT }
    }

    /// The array `endpoints`.
    pub(super) fn endpoints_at(&self) -> At {
        let list = self.root().get("endpoints");
        list.map_or(self.root_at(), |list| At { file: self.contract, node: list.id() })
    }

    /// The entries of `endpoints`.
    pub(super) fn endpoints(&self) -> Vec<Endpoint<'g>> {
        let list = self.root().get("endpoints");
        let items = list.into_iter().flat_map(|list| list.items());
        items.enumerate().map(|(index, node)| Endpoint::new(self, index, node)).collect()
    }

    /// What is known of the contract.
    pub(super) fn facts(&self) -> Option<&ServiceFacts<'g>> {
        let facts = self.facts.get_or_init(|| {
            services(&self.ctx).into_iter().find(|facts| facts.contract.file == self.contract)
        });
        facts.as_ref()
    }

    /// The fields a contract of another shape has in place of version 2's.
    pub(super) fn other_shape(&self) -> Option<&'static str> {
        match self.facts()?.contract.dialect {
            ServiceDialect::V2 => None,
            ServiceDialect::ServiceNameArgs => Some(
                "serviceName, method and args instead of serviceFile, methodName, signature, routeArgs and purpose",
            ),
            ServiceDialect::ParametersThrows => {
                Some("parameters and throws instead of signature, routeArgs and purpose")
            }
        }
    }

    /// What some rules find at their failing level.
    pub(super) fn findings_of(&self, rules: &[&str]) -> impl Iterator<Item = &Finding> {
        self.findings().iter().filter(move |finding| rules.contains(&finding.code.id))
    }

    fn findings(&self) -> &[Finding] {
        self.findings.get_or_init(|| {
            let mut findings = Vec::new();
            for rule in rules::all().filter(|rule| rule.code.id.starts_with("SC")) {
                (rule.check)(&self.ctx, &mut findings);
            }
            findings.retain(|finding| finding.level == Level::Error);
            findings
        })
    }
}

/// The route and service files that a contract names, for the caller to read.
#[must_use]
pub fn named_files(graph: &Graph, contract: FileId) -> BTreeSet<String> {
    let root = graph.node(At { file: contract, node: NodeId::ROOT });
    let endpoints = root.get("endpoints").into_iter().flat_map(|list| list.items());
    let files = endpoints.flat_map(|endpoint| {
        let service = endpoint.get("serviceContract").and_then(|contract| contract.get_str("serviceFile"));
        [endpoint.get_str("routeFile"), service]
    });
    files.flatten().map(str::to_owned).collect()
}

/// The first thing that keeps the contract's text from being read as it stands: a verdict about a
/// file of which a part is lost would be about another contract.
#[must_use]
pub fn unreadable(findings: &[Finding], contract: FileId) -> Option<&Finding> {
    findings.iter().find(|finding| {
        let about_text = tenon_source::codes::ALL.iter().any(|code| code.id == finding.code.id);
        finding.place.file == contract && about_text && finding.level == Level::Error
    })
}
