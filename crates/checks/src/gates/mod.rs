//! The six gates of seed 004.
//!
//! A rule says what is wrong with a contract; a gate says whether a build may go on. Three gates ask
//! for more than rules can see: the files of the repository.
//!
//! Holds: what each gate asks beyond the rules, and the answers of the seed's own scripts. It must
//! never hold: a check that `rules` has too, file access, the grammar of a script.
//!
//! Start at [`run`]; each gate is one file.

pub mod codes;
mod compat;
mod contract_discipline;
mod endpoint_status;
mod files;
mod input;
mod lines;
mod pagination_max;
mod report;
mod route_service_alignment;
mod status_enums;
mod upload_e2e;

pub use compat::{SeedRun, run_seed, seed_files};
pub use files::{RepositoryFile, RepositoryFiles};
pub use input::{GateInput, named_files, unreadable};
pub use report::{GateReport, Issue};

/// A gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gate {
    /// Every endpoint has its mandatory fields.
    EndpointStatus,
    /// Signatures, route arguments and source files agree.
    RouteServiceAlignment,
    /// Uploads say what they accept and how much.
    UploadE2e,
    /// Pages have a largest size that is kept.
    PaginationMax,
    /// Status enums are complete and those of the data model.
    StatusEnums,
    /// The rules of section 5.
    ContractDiscipline,
}

/// Every gate, in the order the seed lists them.
pub const GATES: [Gate; 6] = [
    Gate::EndpointStatus,
    Gate::RouteServiceAlignment,
    Gate::UploadE2e,
    Gate::PaginationMax,
    Gate::StatusEnums,
    Gate::ContractDiscipline,
];

impl Gate {
    /// The gate's name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::EndpointStatus => "endpoint-status",
            Self::RouteServiceAlignment => "route-service-alignment",
            Self::UploadE2e => "upload-e2e",
            Self::PaginationMax => "pagination-max",
            Self::StatusEnums => "status-enums",
            Self::ContractDiscipline => "contract-discipline",
        }
    }

    /// The gate with a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        GATES.into_iter().find(|gate| gate.name() == name)
    }

    /// What the gate prints first.
    #[must_use]
    pub fn header(self) -> &'static str {
        match self {
            Self::EndpointStatus => "Verifying Endpoint Status Fields",
            Self::RouteServiceAlignment => "Verifying Route-Service Alignment",
            Self::UploadE2e => "Verifying Upload Endpoint Completeness",
            Self::PaginationMax => "Verifying Pagination Limits",
            Self::StatusEnums => "Verifying Status Enums",
            Self::ContractDiscipline => "Verifying Contract Discipline Rules",
        }
    }

    /// What the gate is called where it failed.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::EndpointStatus => "ENDPOINT STATUS VALIDATION",
            Self::RouteServiceAlignment => "ROUTE-SERVICE ALIGNMENT",
            Self::UploadE2e => "UPLOAD COMPLETENESS",
            Self::PaginationMax => "PAGINATION LIMITS",
            Self::StatusEnums => "STATUS ENUMS",
            Self::ContractDiscipline => "CONTRACT DISCIPLINE",
        }
    }

    /// What the gate prints where it passed.
    #[must_use]
    pub fn passed_line(self) -> &'static str {
        match self {
            Self::EndpointStatus => "All endpoints have valid status and complete service contracts",
            Self::RouteServiceAlignment => "All route-service contracts aligned",
            Self::UploadE2e => "All upload endpoints fully specified",
            Self::PaginationMax => "All pagination limits declared and bounded",
            Self::StatusEnums => "All status enums complete and consistent",
            Self::ContractDiscipline => "All contract discipline rules pass",
        }
    }
}

/// Runs one gate.
#[must_use]
pub fn run(gate: Gate, input: &GateInput<'_>) -> GateReport {
    let mut report = match gate {
        Gate::EndpointStatus => endpoint_status::run(input),
        Gate::RouteServiceAlignment => route_service_alignment::run(input),
        Gate::UploadE2e => upload_e2e::run(input),
        Gate::PaginationMax => pagination_max::run(input),
        Gate::StatusEnums => status_enums::run(input),
        Gate::ContractDiscipline => contract_discipline::run(input),
    };
    report.sort();
    report
}
