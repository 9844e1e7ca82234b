//! Whose account it is, which others there are, and their Regions.

use super::asking::{Asking, Place};
use super::error::AskError;
use super::refused::Refused;
use super::session::{Session, profile_name};
use crate::sources::aws::answers::{
    AssumedRole, CallerIdentity, Data, ListedRegion, Operation, Organization, OrganizationAccount,
    OrganizationAccountsAnswer, OrganizationAnswer, RefusalKind, RegionsAnswer,
};
use std::collections::BTreeSet;

/// Takes the caller's credentials and those of every member account that lets itself be read.
pub(super) async fn sessions(asking: &Asking<'_>) -> Result<Vec<Session>, AskError> {
    let options = asking.options;
    asking.progress.step("identity", 1);
    let own = Session::own(options).await.map_err(|(refused, endpoint)| {
        AskError::of_identity(
            &refused,
            profile_name(options.profile.as_deref()).as_deref(),
            endpoint.as_deref(),
        )
    })?;
    let home = Place { session: &own, region: own.home().to_owned() };
    let identity = CallerIdentity { account: own.account.clone() };
    asking.keep(home.asked(""), Data::GetCallerIdentity(identity));
    let members = match describe(asking, &home).await {
        Some(_) => list_accounts(asking, &home).await,
        None => Vec::new(),
    };
    let others = wanted_members(asking, &own.account, &members);
    let mut found = Vec::new();
    if options.accounts.is_empty() || options.accounts.contains(&own.account) {
        found.push(own.clone());
    }
    if let Some(role) = &options.assume_role {
        let label = |account: &String| (account.clone(), String::new(), role.clone());
        let assumed = asking.each("member accounts", others, label, async |account| {
            assume(asking, &own, &account, role).await
        });
        found.extend(assumed.await.into_iter().flatten());
    }
    if found.is_empty() { Err(AskError::NoAccount) } else { Ok(found) }
}

/// Returns the accounts besides the caller's own that are to be read.
fn wanted_members(asking: &Asking<'_>, own: &str, members: &[OrganizationAccount]) -> Vec<String> {
    let options = asking.options;
    let active = members.iter().filter(|member| member.status == "ACTIVE").map(|member| member.id.clone());
    let wanted: BTreeSet<String> = if options.accounts.is_empty() {
        active.collect()
    } else {
        // An account may be named although the list of accounts may not be read.
        options.accounts.iter().cloned().collect()
    };
    wanted.into_iter().filter(|account| account != own).collect()
}

async fn assume(asking: &Asking<'_>, own: &Session, account: &str, role: &str) -> Option<Session> {
    let asked = crate::sources::aws::answers::Asked {
        account: account.to_owned(),
        region: own.home().to_owned(),
        subject: role.to_owned(),
    };
    match own.assume(account, role).await {
        Ok(session) => {
            asking.keep(asked, Data::AssumeRole(AssumedRole { role_name: role.to_owned() }));
            Some(session)
        }
        Err(refused) => {
            asking.refuse(asked, Operation::AssumeRole, refused);
            None
        }
    }
}

async fn describe(asking: &Asking<'_>, home: &Place<'_>) -> Option<Organization> {
    let outcome = describe_organization(home).await;
    let answer = asking.record(
        home.asked(""),
        Operation::DescribeOrganization,
        outcome,
        Data::DescribeOrganization,
    )?;
    answer.organization
}

async fn describe_organization(home: &Place<'_>) -> Result<OrganizationAnswer, Refused> {
    let answer = home.session.organizations(&home.region).describe_organization().send().await?;
    let organization = answer.organization().map(|own| Organization {
        id: own.id().unwrap_or_default().to_owned(),
        master_account_id: own.master_account_id().unwrap_or_default().to_owned(),
    });
    Ok(OrganizationAnswer { organization })
}

async fn list_accounts(asking: &Asking<'_>, home: &Place<'_>) -> Vec<OrganizationAccount> {
    let outcome = accounts(home).await;
    asking
        .record(home.asked(""), Operation::ListAccounts, outcome, Data::ListAccounts)
        .map(|answer| answer.accounts)
        .unwrap_or_default()
}

async fn accounts(home: &Place<'_>) -> Result<OrganizationAccountsAnswer, Refused> {
    let mut pages = home.session.organizations(&home.region).list_accounts().into_paginator().send();
    let mut accounts = Vec::new();
    while let Some(page) = pages.next().await {
        accounts.extend(page?.accounts().iter().map(|own| {
            // `Status` is on its way out in favour of `State`; either may be missing.
            let state = own.state().map(|state| state.as_str().to_owned());
            #[allow(deprecated, reason = "older end points send only the status")]
            let status = own.status().map(|status| status.as_str().to_owned());
            OrganizationAccount {
                id: own.id().unwrap_or_default().to_owned(),
                name: own.name().unwrap_or_default().to_owned(),
                status: state.or(status).unwrap_or_default(),
            }
        }));
    }
    Ok(OrganizationAccountsAnswer { accounts })
}

/// The Regions of an account that are to be read.
pub(super) struct Regions {
    pub(super) codes: Vec<String>,
    /// Whether the account itself said that they are enabled.
    pub(super) certain: bool,
}

/// Returns the Regions of an account that are enabled and wanted.
pub(super) async fn regions(asking: &Asking<'_>, session: &Session) -> Regions {
    let home = Place { session, region: session.home().to_owned() };
    let options = asking.options;
    let wanted = |code: &String| options.regions.is_empty() || options.regions.contains(code);
    let outcome = list_regions(&home).await;
    match asking.record(home.asked(""), Operation::ListRegions, outcome, Data::ListRegions) {
        Some(answer) => {
            let enabled =
                answer.regions.into_iter().filter(|region| region.region_opt_status.starts_with("ENABLED"));
            Regions {
                codes: enabled.map(|region| region.region_name).filter(wanted).collect(),
                certain: true,
            }
        }
        None if options.regions.is_empty() => {
            Regions { codes: options.known_regions.clone(), certain: false }
        }
        None => Regions { codes: options.regions.clone(), certain: false },
    }
}

async fn list_regions(home: &Place<'_>) -> Result<RegionsAnswer, Refused> {
    let mut pages = home.session.account(&home.region).list_regions().into_paginator().send();
    let mut regions = Vec::new();
    while let Some(page) = pages.next().await {
        regions.extend(page?.regions().iter().map(|own| ListedRegion {
            region_name: own.region_name().unwrap_or_default().to_owned(),
            region_opt_status: own.region_opt_status().map_or("", |status| status.as_str()).to_owned(),
        }));
    }
    Ok(RegionsAnswer { regions })
}

/// Tells whether a Region that nobody said is enabled shows that it is not.
pub(super) fn is_disabled(refused: &Refused) -> bool {
    refused.kind == RefusalKind::Credentials || refused.code == "OptInRequired"
}
