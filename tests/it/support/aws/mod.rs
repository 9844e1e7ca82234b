//! AWS on loopback: a small server of our own that speaks what the SDK speaks.
//!
//! It verifies signatures, knows accounts with their own state, checks IAM policies, gives small pages, and is told when
//! to throttle, fail or hang up. It keeps every request. An operation that it does not know is a fault of the test.

mod athena;
mod cbor;
mod http;
mod iam;
mod json_services;
mod objects;
mod server;
mod signature;
mod world;
mod xml_services;

pub(crate) use athena::workgroup;
pub(crate) use iam::Policy;
pub(crate) use server::{Emulator, Trouble};
pub(crate) use world::{Bucket, Metric, Object, World, store_arn, trail_arn};
