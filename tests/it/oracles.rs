//! Hand-worked bills.
