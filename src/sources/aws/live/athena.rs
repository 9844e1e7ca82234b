//! Athena: one query after the other, each watched until it ends.

use super::asking::Asking;
use super::athena_error::{AthenaError, refused};
use super::error::AskError;
use super::progress::{Charged, Progress, StopFlag};
use super::refused::Refused;
use super::session::{Session, profile_name};
use crate::sources::athena::{
    AnswerError, AnswerRow, AthenaLogs, AthenaPlace, FoundTable, StoredLogs, StoredPlace,
};
use crate::sources::aws::answers::RefusalKind;
use crate::sources::aws::options::AskOptions;
use aws_sdk_athena::types::{
    ManagedQueryResultsConfiguration, QueryExecutionContext, QueryExecutionState, QueryExecutionStatistics,
    ResultConfiguration, ResultSet, TableMetadata, WorkGroupConfiguration, WorkGroupState,
};
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

/// How often it is looked whether to stop.
const LOOK: Duration = Duration::from_millis(50);
/// The first and the longest wait between two questions whether a query has ended.
const WAITS: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(5)];
/// Rows of a page, the most there can be (API reference, `GetQueryResults`).
const PAGE: i32 = 1000;

/// An account's Athena in one Region.
pub struct Athena<'a> {
    runtime: tokio::runtime::Runtime,
    session: Session,
    client: aws_sdk_athena::Client,
    options: &'a AskOptions,
    place: &'a AthenaPlace,
    progress: &'a dyn Progress,
    stop: &'a StopFlag,
}

/// What a workgroup prescribes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkGroup {
    /// Whether queries may run in it.
    pub is_enabled: bool,
    /// Where it puts results, if it says so or keeps them itself.
    pub output: Option<String>,
    /// Whether its settings go before those of a query.
    pub is_enforced: bool,
    /// The bytes that a query may scan before Athena stops it.
    pub cutoff: Option<u64>,
}

/// A query that has ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// Athena's id of the run.
    pub id: String,
    /// The bytes that it has read, as stored.
    pub scanned: u64,
}

impl<'a> Athena<'a> {
    /// Takes credentials, and asks whose they are.
    ///
    /// # Errors
    /// [`AskError`] when there are none that AWS accepts.
    pub fn open(
        options: &'a AskOptions,
        place: &'a AthenaPlace,
        progress: &'a dyn Progress,
        stop: &'a StopFlag,
    ) -> Result<Self, AskError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| AskError::NotStarted { reason: error.to_string() })?;
        let session = runtime.block_on(Session::own(options)).map_err(|(refused, endpoint)| {
            AskError::of_identity(
                &refused,
                profile_name(options.profile.as_deref()).as_deref(),
                endpoint.as_deref(),
            )
        })?;
        let client = session.athena(&place.region);
        Ok(Self { runtime, session, client, options, place, progress, stop })
    }

    /// Waits for something; gives it up when it is asked to stop.
    fn wait<T>(&self, work: impl Future<Output = Result<T, AthenaError>>) -> Result<T, AthenaError> {
        self.runtime.block_on(async {
            let mut work = pin!(work);
            loop {
                match tokio::time::timeout(LOOK, &mut work).await {
                    Ok(outcome) => return outcome,
                    Err(_) if self.stop.is_set() => return Err(AthenaError::Interrupted { scanned: 0 }),
                    Err(_) => {}
                }
            }
        })
    }

    /// Returns what the workgroup prescribes.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn workgroup(&self) -> Result<WorkGroup, AthenaError> {
        self.wait(async {
            let answer = self.client.get_work_group().work_group(&self.place.workgroup).send().await;
            let answer = answer.map_err(|error| refused("athena:GetWorkGroup", error))?;
            let group = answer.work_group();
            let settings = group.and_then(|own| own.configuration());
            let location = settings
                .and_then(|own| own.result_configuration())
                .and_then(|own| own.output_location())
                .filter(|own| !own.is_empty());
            let is_managed = settings
                .and_then(|own| own.managed_query_results_configuration())
                .is_some_and(ManagedQueryResultsConfiguration::enabled);
            Ok(WorkGroup {
                is_enabled: group.and_then(|own| own.state()) != Some(&WorkGroupState::Disabled),
                output: location
                    .map(str::to_owned)
                    .or_else(|| is_managed.then(|| "the workgroup itself".to_owned())),
                is_enforced: settings
                    .and_then(WorkGroupConfiguration::enforce_work_group_configuration)
                    .unwrap_or(false),
                cutoff: settings
                    .and_then(WorkGroupConfiguration::bytes_scanned_cutoff_per_query)
                    .and_then(|own| u64::try_from(own).ok()),
            })
        })
    }

    /// Returns the table, if it is there.
    ///
    /// # Errors
    /// When that cannot be told.
    pub fn table(&self, logs: &AthenaLogs) -> Result<Option<FoundTable>, AthenaError> {
        self.wait(async {
            let call = self.client.get_table_metadata().catalog_name(&self.place.catalog);
            let answer = call.database_name(logs.database()).table_name(logs.table_name()).send().await;
            match answer {
                Ok(answer) => Ok(answer.table_metadata().map(found)),
                Err(error) => match refused("athena:GetTableMetadata", error) {
                    AthenaError::Refused { code, message, .. }
                        if code == "MetadataException" && message.contains("EntityNotFound") =>
                    {
                        Ok(None)
                    }
                    AthenaError::Refused { message, .. }
                        if message.contains("AccessDenied") || message.contains("not authorized") =>
                    {
                        Err(AthenaError::Denied { action: "glue:GetTable", message })
                    }
                    other => Err(other),
                },
            }
        })
    }

    /// Lists what lies in the bucket of the days.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn stored(&self, logs: &AthenaLogs) -> Result<StoredLogs, AthenaError> {
        self.wait(async {
            let asking = Asking::new(self.options, self.progress);
            let label = |own: &StoredPlace| (own.account.clone(), own.region.clone(), String::new());
            let outcomes = asking
                .each("log files", logs.stored_places(), label, async |place| self.list(logs, &place).await)
                .await;
            let mut all = StoredLogs::default();
            for outcome in outcomes {
                all.add(outcome?);
            }
            Ok(all)
        })
    }

    async fn list(&self, logs: &AthenaLogs, place: &StoredPlace) -> Result<StoredLogs, AthenaError> {
        let mut all = StoredLogs::default();
        let mut region = self.place.region.clone();
        let mut token: Option<String> = None;
        loop {
            self.progress.charged(Charged::BucketLists, 1);
            let request =
                self.session.s3(&region).list_objects_v2().bucket(logs.bucket()).prefix(&place.prefix);
            let request = request.start_after(place.start_after(logs)).set_continuation_token(token.clone());
            let page = match request.send().await {
                Ok(page) => page,
                Err(error) => {
                    let told = refused("s3:ListBucket", error);
                    match told {
                        AthenaError::Elsewhere { region: own } if own != region => {
                            region = own;
                            continue;
                        }
                        other => return Err(other),
                    }
                }
            };
            for object in page.contents() {
                let (key, size) = (object.key().unwrap_or_default(), object.size().unwrap_or_default());
                if place.take(logs, key, u64::try_from(size).unwrap_or_default(), &mut all) {
                    return Ok(all);
                }
            }
            match page.next_continuation_token() {
                None => return Ok(all),
                Some(next) if Some(next) == token.as_deref() => {
                    return Err(AthenaError::of(
                        "s3:ListBucket",
                        Refused::other("RepeatedToken"),
                        String::new(),
                    ));
                }
                Some(next) => token = Some(next.to_owned()),
            }
        }
    }

    /// Runs a statement and waits until it ends. `goes_on` is told now and then how many bytes were read so far: the query is
    /// stopped when it says no, or when it is asked to stop.
    ///
    /// # Errors
    /// When it cannot be started, fails, or is stopped.
    pub fn run(
        &self,
        logs: &AthenaLogs,
        statement: &str,
        goes_on: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Ran, AthenaError> {
        if self.stop.is_set() {
            return Err(AthenaError::Interrupted { scanned: 0 });
        }
        self.runtime.block_on(async {
            // The SDK sends a token with it, the same in every repetition, so that no repetition starts a second run.
            let context = QueryExecutionContext::builder()
                .catalog(&self.place.catalog)
                .database(logs.database())
                .build();
            let results = self
                .place
                .output
                .as_ref()
                .map(|own| ResultConfiguration::builder().output_location(own).build());
            let answer = self
                .client
                .start_query_execution()
                .query_string(statement)
                .work_group(&self.place.workgroup)
                .query_execution_context(context)
                .set_result_configuration(results)
                .send()
                .await
                .map_err(|error| refused("athena:StartQueryExecution", error))?;
            let id = answer.query_execution_id().unwrap_or_default().to_owned();
            let outcome = self.watch(&id, goes_on).await;
            if let Err(error) = &outcome
                && !matches!(error, AthenaError::Failed { .. } | AthenaError::Cancelled { .. })
            {
                self.stop_query(&id).await;
            }
            match outcome {
                Ok(scanned) => Ok(Ran { id, scanned }),
                Err(AthenaError::Interrupted { scanned }) => {
                    Err(AthenaError::Interrupted { scanned: self.last(&id, scanned).await })
                }
                Err(AthenaError::TooMuch { scanned }) => {
                    Err(AthenaError::TooMuch { scanned: self.last(&id, scanned).await })
                }
                Err(error) => Err(error),
            }
        })
    }

    async fn watch(&self, id: &str, goes_on: &mut dyn FnMut(u64) -> bool) -> Result<u64, AthenaError> {
        let mut wait = WAITS[0];
        loop {
            let (state, reason, scanned) = self.status(id).await?;
            match state {
                Some(QueryExecutionState::Succeeded) => return Ok(scanned),
                Some(QueryExecutionState::Failed) => {
                    return Err(AthenaError::Failed { id: id.to_owned(), reason, scanned });
                }
                Some(QueryExecutionState::Cancelled) => {
                    return Err(AthenaError::Cancelled { id: id.to_owned(), reason, scanned });
                }
                _ => {}
            }
            if !goes_on(scanned) {
                return Err(AthenaError::TooMuch { scanned });
            }
            let mut left = wait;
            while !left.is_zero() {
                if self.stop.is_set() {
                    return Err(AthenaError::Interrupted { scanned });
                }
                let part = left.min(LOOK);
                tokio::time::sleep(part).await;
                left = left.saturating_sub(part);
            }
            wait = (wait * 2).min(WAITS[1]);
        }
    }

    /// Returns a run's state, the reason that Athena gives, and the bytes read so far.
    async fn status(&self, id: &str) -> Result<(Option<QueryExecutionState>, String, u64), AthenaError> {
        let answer = self.client.get_query_execution().query_execution_id(id).send().await;
        let answer = answer.map_err(|error| refused("athena:GetQueryExecution", error))?;
        let own = answer.query_execution();
        let status = own.and_then(|own| own.status());
        let reason = status.and_then(|own| own.state_change_reason()).unwrap_or_default();
        let scanned =
            own.and_then(|own| own.statistics()).and_then(QueryExecutionStatistics::data_scanned_in_bytes);
        let scanned = scanned.and_then(|own| u64::try_from(own).ok()).unwrap_or_default();
        Ok((status.and_then(|own| own.state()).cloned(), reason.to_owned(), scanned))
    }

    /// Stops a run. That it cannot be stopped any more is no matter.
    async fn stop_query(&self, id: &str) {
        let _ = self.client.stop_query_execution().query_execution_id(id).send().await;
    }

    /// Returns what a stopped run has read in the end, as far as that can be asked.
    async fn last(&self, id: &str, scanned: u64) -> u64 {
        self.status(id).await.map_or(scanned, |(.., own)| own.max(scanned))
    }

    /// Hands over the rows of a run, one by one.
    ///
    /// # Errors
    /// When a page cannot be read, or `take` says that a row is wrong.
    pub fn rows(
        &self,
        id: &str,
        take: &mut dyn FnMut(AnswerRow<'_>) -> Result<(), AnswerError>,
    ) -> Result<(), AthenaError> {
        const ACTION: &str = "athena:GetQueryResults";
        self.wait(async {
            let mut token: Option<String> = None;
            loop {
                let call = self.client.get_query_results().query_execution_id(id).max_results(PAGE);
                let page = call.set_next_token(token.clone()).send().await;
                let page = page.map_err(|error| refused(ACTION, error))?;
                let set = page.result_set();
                let columns: Vec<String> = set
                    .and_then(|own| own.result_set_metadata())
                    .map(|own| own.column_info().iter().map(|own| own.name().to_owned()).collect())
                    .unwrap_or_default();
                let rows = set.map(ResultSet::rows).unwrap_or_default();
                for (at, row) in rows.iter().enumerate() {
                    let values: Vec<Option<String>> =
                        row.data().iter().map(|own| own.var_char_value().map(str::to_owned)).collect();
                    // The first row of the first page has the names of the columns.
                    let is_heading = token.is_none()
                        && at == 0
                        && values
                            .iter()
                            .map(Option::as_deref)
                            .eq(columns.iter().map(|own| Some(own.as_str())));
                    if !is_heading {
                        take(AnswerRow { columns: &columns, values: &values })
                            .map_err(AthenaError::Answer)?;
                    }
                }
                match page.next_token() {
                    None | Some("") => return Ok(()),
                    Some(next) if Some(next) == token.as_deref() => {
                        return Err(AthenaError::of(ACTION, Refused::other("RepeatedToken"), String::new()));
                    }
                    Some(next) => token = Some(next.to_owned()),
                }
            }
        })
    }
}

fn found(own: &TableMetadata) -> FoundTable {
    let lower = |own: &str| own.to_ascii_lowercase();
    FoundTable {
        columns: own
            .columns()
            .iter()
            .map(|own| (lower(own.name()), own.r#type().unwrap_or_default().to_owned()))
            .collect(),
        partitions: own.partition_keys().iter().map(|own| lower(own.name())).collect(),
        parameters: own
            .parameters()
            .map(|own| own.iter().map(|(name, value)| (name.clone(), value.clone())).collect())
            .unwrap_or_default(),
    }
}

impl AthenaError {
    /// Makes an error of a refusal.
    pub(super) fn of(action: &'static str, refused: Refused, message: String) -> Self {
        match (refused.kind, refused.bucket_region) {
            (RefusalKind::Other, Some(region)) => Self::Elsewhere { region },
            (RefusalKind::Denied, _) => Self::Denied { action, message },
            (RefusalKind::Credentials, _) => Self::Credentials { code: refused.code },
            (RefusalKind::Unavailable, _) => Self::Unavailable {
                action,
                reason: if refused.code.is_empty() { refused.reason } else { refused.code },
            },
            _ => Self::Refused { action, code: refused.code, message },
        }
    }
}
