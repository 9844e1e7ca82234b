//! The words of the field as types: money, quantities, months, accounts, trails, and the [`Model`]
//! that every source fills and every lever changes.
//!
//! In: nothing but the standard library, exact decimals and values of JSON. Out: types that every other room shares.
//! Must not know: files, clocks, price tables, output formats.

mod account;
mod alerting;
mod allocation;
mod benefit;
mod bill;
mod billed_price;
mod bucket;
mod budget;
mod cis_monitoring;
mod compliance;
mod component;
mod csv_fields;
mod demands;
mod diagnostic;
mod event;
mod event_data_store;
mod evidence;
mod filter_pattern;
mod fixed;
mod growth;
mod inventory;
mod kms_key;
mod line_item;
mod log_counts;
mod log_table;
mod log_window;
mod model;
mod money;
mod period;
mod provenance;
mod quantity;
mod ranges;
mod recording_scope;
mod region;
mod retention;
mod settings;
mod snapshot;
mod storage;
mod storage_history;
mod terms;
mod terraform_project;
mod trail;
mod usage_record;
mod usage_type;
mod volume;

pub use account::{Account, AccountId, AccountIdError};
pub use alerting::{
    Alarm, AlarmKind, EventBus, EventRule, Function, LogClass, LogGroup, MetricFilter, Protocol, RuleTarget,
    Subscription, Topic,
};
pub use allocation::{AllocationKey, AllocationRule, SharedCosts};
pub use benefit::{Benefit, BenefitReturn, four_digits};
pub use bill::{Bill, BilledDay, BilledIds, BilledLine, BilledMonth, ChargeCategory};
pub use billed_price::{Agreed, BilledPrice, agreed_terms, billed_prices};
pub use bucket::{
    ArchiveTiers, Arrival, Bucket, Holding, LifecycleAction, LifecycleRule, ReadScope, Reader, ReaderKind,
    Replica, RestoreTier, SizeBin, TransitionMinimum, Versioning,
};
pub use budget::{Budget, BudgetLimit, BudgetScope, Budgets, Policy};
pub use cis_monitoring::{MONITORED_ACTIVITIES, MonitoredActivity};
pub use compliance::{Citation, ComplianceControl, ComplianceProfile, TrailSetting};
pub use component::Component;
pub use csv_fields::{field_span, open_quote};
pub use demands::{Demands, LossLevel};
pub use diagnostic::{Diagnostic, Diagnostics, Severity, list_names, nearest, plural};
pub use event::{Access, EventCategory, EventClass, EventSource, Field, FieldValue};
pub use event_data_store::{BillingMode, DirectDelivery, EventDataStore};
pub use evidence::{Certainty, Evidence, Measured};
pub use filter_pattern::{FilterPattern, FilterPatternError, FilterPatternFault, LONGEST_FILTER_PATTERN};
pub use fixed::{FixedError, parse_decimal};
pub use growth::{Growth, GrowthCategory, GrowthError, GrowthRate, GrowthStep, Seasons};
pub use inventory::Inventory;
pub use kms_key::KmsKey;
pub use line_item::{LineItem, LineItemSink, SinkError};
pub use log_counts::{
    CountedFrom, LeftOut, LogAccess, LogCategory, LogChange, LogCounts, LogError, LogFiles, LogFilesOfDay,
    LogFolder, LogHour, LogIdentity, LogRequests, LogResource, LogRow, LogSelf, LogSizeBin, LogSum,
    SelfLogging, SharedCopies,
};
pub use log_table::{
    LOG_TABLE_COLUMNS, LOG_TABLE_FOLDERS, LOG_TABLE_INPUT_FORMAT, LOG_TABLE_OUTPUT_FORMAT,
    LOG_TABLE_PARTITIONS, LOG_TABLE_SERDE, log_table_columns,
};
pub use log_window::{ByDay, DaysSeen, QuietHours, RegionSeen};
pub use model::{Assumption, Gap, GapKind, Horizon, MAX_HORIZON_MONTHS, Model};
pub use money::{Currency, Money, UnitPrice};
pub use period::{Age, Date, Month, PeriodError};
pub use provenance::{Place, Provenance, ProvenanceKind};
pub use quantity::{BYTES_PER_GB, Quantity, QuantityError, Unit};
pub use ranges::{Grain, RangedInput};
pub use recording_scope::RecordingScope;
pub use region::{Region, RegionCode, RegionTable};
pub use retention::{Breaker, ObjectSizes, Readability, RetentionCheck};
pub use settings::{
    AlarmSettings, BucketSettings, DefaultEncryption, EventRuleSettings, KeySettings, LogGroupSettings,
    MetricFilterSettings, MetricRef, ObjectLock, ProviderSettings, PublicAccessBlock, Setting, Settings,
    Subject, SubscriptionSettings, TopicSettings, TrailSettings,
};
pub use snapshot::{
    CostKind, DailyCost, RecordedAccount, RecordedAction, RecordedChange, RecordedCost, RecordedDays,
    RecordedLine, RecordedPlan, RecordedRate, Snapshot,
};
pub use storage::{ARCHIVE_OVERHEAD_KB, SMALL_OBJECT_KB, StorageClass};
pub use storage_history::{BucketHistory, BucketMonth, StorageHistory};
pub use terms::{Term, TermPrice};
pub use terraform_project::{
    ApplyStep, BackendSettings, DriftedResource, OpenStatement, PolicyStatement, StateFile, TerraformProject,
    VersionConstraint,
};
pub use trail::{
    AdvancedEventSelector, Delivery, FieldSelector, InsightsSelector, InsightsType, Trail, TrailScope,
};
pub use usage_record::{Meter, MeterId, PoolKey, PooledUsage, UsageKeys, UsageRecord, UsageSource};
pub use usage_type::{CatalogEntry, UsageTypeCatalog};
pub use volume::{Activity, Amount, AmountRange, AmountValue, EventCount, Observations, Volume};
