//! How a Terraform project is kept and run: constraints, backend, state files, how it is applied.

use super::settings::Setting;

/// A constraint on the version of Terraform or of a provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersionConstraint {
    /// `terraform`, or the provider's local name.
    pub of: String,
    /// The constraint as it is written, if there is one.
    pub constraint: Setting<String>,
    /// The file and line.
    pub place: String,
}

/// Where the state is kept.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BackendSettings {
    /// `s3`, `remote`, `cloud`, `local` …
    pub kind: String,
    /// The file and line.
    pub place: String,
}

/// A state file that lies in the project.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StateFile {
    /// The path below the folder.
    pub path: String,
    /// Whether git tracks it: unknown where there is no repository, or its index cannot be read.
    pub tracked: Setting<bool>,
    /// Whether a `.gitignore` leaves it out.
    pub ignored: bool,
}

/// A file of a pipeline that applies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApplyStep {
    /// The file and line of the apply; of one that never applies those of its plan.
    pub place: String,
    /// Whether it plans into a file (`terraform plan -out`) or waits for a plan to be approved.
    pub plans: bool,
    /// Whether it applies without asking and without a saved plan (`-auto-approve`).
    pub applies_blindly: bool,
}

/// A statement of a policy that lets CloudTrail in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PolicyStatement {
    /// The file and line.
    pub place: String,
    /// Whether it holds only for trails or accounts that it names.
    pub names_source: bool,
}

/// A statement of a policy that lets everybody in, without a condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpenStatement {
    /// The file and line.
    pub place: String,
    /// The bucket or key that the policy is of, as the source refers to it; empty for a policy that names CloudTrail too.
    pub of: String,
}

/// A resource that somebody changed without Terraform since the last apply.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DriftedResource {
    /// The address.
    pub address: String,
    /// Whether it is gone.
    pub deleted: bool,
}

/// What a folder of sources, or a plan, tells of how it is kept and run. What cannot be seen there is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TerraformProject {
    /// Constraints, `terraform` and each provider that is used.
    pub versions: Setting<Vec<VersionConstraint>>,
    /// The backend, or that none is named.
    pub backend: Setting<BackendSettings>,
    /// State files in the folder.
    pub state_files: Setting<Vec<StateFile>>,
    /// Whether the folder is under version control.
    pub version_control: Setting<bool>,
    /// Pipelines that run Terraform.
    pub pipelines: Setting<Vec<ApplyStep>>,
    /// Statements for CloudTrail in the sources' policies.
    pub policies: Setting<Vec<PolicyStatement>>,
    /// Statements for everybody in the sources' policies of buckets and keys.
    pub open_policies: Setting<Vec<OpenStatement>>,
    /// Arguments of resources and modules that name a Region as a literal: the file and line, and the Region.
    pub literal_regions: Setting<Vec<(String, String)>>,
    /// What the plan found changed outside Terraform.
    pub drift: Setting<Vec<DriftedResource>>,
}
