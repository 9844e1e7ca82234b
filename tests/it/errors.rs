//! Every error message.
