//! The module's files.

use super::athena;
use super::design::ModuleDesign;
use super::error::ModuleError;
use super::monitored;
use super::readme::{self, ModuleCosts};
use super::trail;
use super::values;
use crate::emit::draft::File;

/// Files that are the same for every scenario.
const STATIC: [(&str, &str); 13] = [
    (".gitignore", include_str!("static/gitignore")),
    ("athena.tf", include_str!("static/athena.tf")),
    ("backend.tf.example", include_str!("static/backend.tf.example")),
    ("bucket.tf", include_str!("static/bucket.tf")),
    ("cloudwatch.tf", include_str!("static/cloudwatch.tf")),
    ("iam.tf", include_str!("static/iam.tf")),
    ("kms.tf", include_str!("static/kms.tf")),
    ("locals.tf", include_str!("static/locals.tf")),
    ("outputs.tf", include_str!("static/outputs.tf")),
    ("providers.tf", include_str!("static/providers.tf")),
    ("sns.tf", include_str!("static/sns.tf")),
    ("variables.tf", include_str!("static/variables.tf")),
    ("versions.tf", include_str!("static/versions.tf")),
];

/// The file that is there only where CloudTrail tells a topic of its log files.
const LOG_FILE_TOPIC: (&str, &str) = ("log_file_topic.tf", include_str!("static/log_file_topic.tf"));

impl ModuleDesign {
    /// Returns every file of the module by rising path. `costs` is what the design's model costs.
    ///
    /// # Errors
    /// [`ModuleError`] where CloudTrail or S3 would refuse what is designed.
    pub fn files(&self, costs: &ModuleCosts) -> Result<Vec<File>, ModuleError> {
        let mut texts: Vec<(&str, String)> =
            STATIC.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
        if self.model.inventory.topics.len() > 1 {
            texts.push((LOG_FILE_TOPIC.0, LOG_FILE_TOPIC.1.to_owned()));
        }
        texts.extend([
            ("athena_table.tf", athena::table()),
            ("lifecycle.tf", trail::lifecycle_rules(self)?),
            ("monitored.tf", monitored::monitored(self)),
            ("trail.tf", trail::trail(self)?),
            ("terraform.tfvars", values::values(self)),
            ("README.md", readme::readme(self, costs)),
        ]);
        let mut files: Vec<File> =
            texts.into_iter().map(|(path, text)| File { path: path.to_owned(), text }).collect();
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
    }
}
