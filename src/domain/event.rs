//! Classes of CloudTrail events: what is known about a number of events when a selector looks at them.

use super::growth::GrowthCategory;
use std::collections::BTreeMap;

/// The categories that CloudTrail bills apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventCategory {
    /// Control-plane calls.
    Management,
    /// Calls on or in a resource.
    Data,
    /// Calls through a VPC endpoint.
    NetworkActivity,
}

impl EventCategory {
    /// Returns the value of the selector field `eventCategory`.
    pub fn selector_value(self) -> &'static str {
        match self {
            Self::Management => "Management",
            Self::Data => "Data",
            Self::NetworkActivity => "NetworkActivity",
        }
    }

    /// Returns the growth category of this category's volumes.
    pub fn growth_category(self) -> GrowthCategory {
        match self {
            Self::Management => GrowthCategory::ManagementEvents,
            Self::Data => GrowthCategory::DataEvents,
            Self::NetworkActivity => GrowthCategory::NetworkActivityEvents,
        }
    }
}

/// Whether events read or write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// `readOnly` is true.
    Read,
    /// `readOnly` is false.
    Write,
    /// Both, in an unknown mixture.
    Mixed,
}

/// The services that CloudTrail lets a basic selector exclude, and all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventSource {
    /// `kms.amazonaws.com`
    Kms,
    /// `rdsdata.amazonaws.com`
    RdsData,
    /// Neither of the two.
    Other,
}

impl EventSource {
    /// The event sources that can be excluded.
    pub const EXCLUDABLE: [&'static str; 2] = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];

    /// Returns what the field `eventSource` is known to be.
    pub fn value(self) -> FieldValue {
        match self {
            Self::Kms => FieldValue::Exactly(Self::EXCLUDABLE[0].to_owned()),
            Self::RdsData => FieldValue::Exactly(Self::EXCLUDABLE[1].to_owned()),
            Self::Other => {
                FieldValue::NoneOf(Self::EXCLUDABLE.map(|own| FieldValue::Exactly(own.to_owned())).to_vec())
            }
        }
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)+) => {
        /// A field that advanced event selectors can test.
        ///
        /// Source: CloudTrail API reference, `AdvancedFieldSelector`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $($(#[$doc])* $variant,)+
        }

        impl Field {
            /// Every field's name.
            pub const NAMES: &'static [&'static str] = &[$($name,)+];

            /// Returns the field's name in the API.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// Returns the field with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

fields! {
    /// Management, Data or `NetworkActivity`.
    EventCategory = "eventCategory";
    /// The call's name.
    EventName = "eventName";
    /// The service called.
    EventSource = "eventSource";
    /// How the event came about.
    EventType = "eventType";
    /// Whether the call only reads.
    ReadOnly = "readOnly";
    /// Whether the credentials came from a console session.
    SessionCredentialFromConsole = "sessionCredentialFromConsole";
    /// Who called.
    UserIdentityArn = "userIdentity.arn";
    /// The CloudFormation type of the resource.
    ResourcesType = "resources.type";
    /// The resource's ARN.
    ResourcesArn = "resources.ARN";
    /// The error returned, for network activity.
    ErrorCode = "errorCode";
    /// The VPC endpoint, for network activity.
    VpcEndpointId = "vpcEndpointId";
}

/// What is known about one field of a class of events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldValue {
    /// Every event has this value.
    Exactly(String),
    /// Every event's value starts so; the rest is mixed.
    StartsWith(String),
    /// The values are mixed, but none lies within one of these.
    NoneOf(Vec<FieldValue>),
}

impl FieldValue {
    /// Tells whether a value lies within this one.
    pub fn holds(&self, value: &str) -> bool {
        match self {
            Self::Exactly(own) => own == value,
            Self::StartsWith(prefix) => value.starts_with(prefix.as_str()),
            Self::NoneOf(excluded) => !excluded.iter().any(|own| own.holds(value)),
        }
    }
}

/// A class of events that the model's volumes do not tell further apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventClass {
    /// The category.
    pub category: EventCategory,
    /// Whether the events read or write.
    pub access: Access,
    /// What else is known; a field that is absent is unknown.
    pub fields: BTreeMap<Field, FieldValue>,
}

impl EventClass {
    /// Returns a class of management events.
    pub fn management(access: Access, source: EventSource) -> Self {
        Self {
            category: EventCategory::Management,
            access,
            fields: BTreeMap::from([(Field::EventSource, source.value())]),
        }
    }

    /// Returns the class of management events of which nothing else is known.
    pub fn any_management() -> Self {
        Self { category: EventCategory::Management, access: Access::Mixed, fields: BTreeMap::new() }
    }

    /// Returns a class of data events of a resource type, of all resources or of one.
    ///
    /// A bucket's ARN stands for the objects in it: `arn:aws:s3:::name` is taken as `arn:aws:s3:::name/`.
    pub fn data(access: Access, resource_type: &str, resource: Option<&str>) -> Self {
        let mut fields =
            BTreeMap::from([(Field::ResourcesType, FieldValue::Exactly(resource_type.to_owned()))]);
        if let Some(arn) = resource {
            let value = if resource_type == "AWS::S3::Object" {
                FieldValue::StartsWith(object_prefix(arn))
            } else if let Some(prefix) = arn.strip_suffix('*') {
                FieldValue::StartsWith(prefix.to_owned())
            } else {
                FieldValue::Exactly(arn.to_owned())
            };
            fields.insert(Field::ResourcesArn, value);
        }
        Self { category: EventCategory::Data, access, fields }
    }

    /// Returns a class of network activity events of one service.
    pub fn network_activity(access: Access, event_source: &str) -> Self {
        Self {
            category: EventCategory::NetworkActivity,
            access,
            fields: BTreeMap::from([(Field::EventSource, FieldValue::Exactly(event_source.to_owned()))]),
        }
    }

    /// Adds what is known about a field.
    #[must_use]
    pub fn with(mut self, field: Field, value: &str) -> Self {
        self.fields.insert(field, FieldValue::Exactly(value.to_owned()));
        self
    }

    /// Returns the resource type, for data events.
    pub fn resource_type(&self) -> Option<&str> {
        match self.fields.get(&Field::ResourcesType) {
            Some(FieldValue::Exactly(name)) => Some(name),
            _ => None,
        }
    }

    /// Describes the class as a person would: `write events of AWS::S3::Object`.
    pub fn describe(&self) -> String {
        let access = match self.access {
            Access::Read => "read ",
            Access::Write => "write ",
            Access::Mixed => "",
        };
        let category = match self.category {
            EventCategory::Management => "management",
            EventCategory::Data => "data",
            EventCategory::NetworkActivity => "network activity",
        };
        let mut text = format!("{access}{category} events");
        for (field, value) in &self.fields {
            if let FieldValue::Exactly(value) | FieldValue::StartsWith(value) = value {
                text.push_str(if *field == Field::ResourcesType { " of " } else { " · " });
                text.push_str(value);
            }
        }
        text
    }
}

/// Returns the prefix that an S3 bucket's objects share.
pub(super) fn object_prefix(arn: &str) -> String {
    let bucket_only = arn
        .strip_prefix("arn:")
        .and_then(|rest| rest.split_once(":s3:::"))
        .is_some_and(|(_, name)| !name.is_empty() && !name.contains('/'));
    match arn.strip_suffix('*') {
        Some(prefix) => prefix.to_owned(),
        None if bucket_only => format!("{arn}/"),
        None => arn.to_owned(),
    }
}
