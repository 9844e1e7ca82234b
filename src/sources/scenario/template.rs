//! Commented scenarios to start from.

/// How large an estate the template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// One account with one trail.
    Small,
    /// A few accounts under an organization trail.
    Medium,
    /// An organization with a table of accounts.
    Large,
}

/// Returns the template of a size.
pub fn template(size: Size) -> &'static str {
    match size {
        Size::Small => include_str!("../../../scenarios/templates/small.toml"),
        Size::Medium => include_str!("../../../scenarios/templates/medium.toml"),
        Size::Large => include_str!("../../../scenarios/templates/large.toml"),
    }
}
