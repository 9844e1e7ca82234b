//! The metric filters that the CIS AWS Foundations Benchmark asks for, and one for public access to S3.

/// An activity that somebody is to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonitoredActivity {
    /// The control's number in the benchmark; `None` for one that is not in it.
    pub control: Option<&'static str>,
    /// A short name, of small letters and dashes.
    pub name: &'static str,
    /// What happened, in a few words.
    pub title: &'static str,
    /// The filter pattern.
    pub pattern: &'static str,
    /// Where the pattern stands.
    pub source: &'static str,
}

/// The activities of the benchmark's section "Monitoring", 4.1 to 4.15, and changes of S3's blocks of public access.
///
/// Source: CIS AWS Foundations Benchmark v1.4.0 and v3.0.0, section 4; the patterns in the form of AWS Security Hub, controls
/// CloudWatch.1 to CloudWatch.14, which name the event source where other services have events of the same name
/// (`CreatePolicy` is one of IAM, Organizations and IoT). For 4.1 the benchmark's own pattern joins by `||` what it means to leave
/// out, which matches every event; Security Hub's does not. Read 2026-11-22.
pub const MONITORED_ACTIVITIES: [MonitoredActivity; 16] = [
    MonitoredActivity {
        control: Some("4.1"),
        name: "unauthorized-api-call",
        title: "Unauthorized API calls",
        pattern: r#"{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }"#,
        source: "CIS 4.1; Security Hub CloudWatch.2",
    },
    MonitoredActivity {
        control: Some("4.2"),
        name: "console-sign-in-without-mfa",
        title: "Console sign-in without MFA",
        pattern: r#"{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }"#,
        source: "CIS 4.2; Security Hub CloudWatch.3",
    },
    MonitoredActivity {
        control: Some("4.3"),
        name: "root-login",
        title: "Root user signs in or acts",
        pattern: r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }"#,
        source: "CIS 4.3; Security Hub CloudWatch.1",
    },
    MonitoredActivity {
        control: Some("4.4"),
        name: "iam-policy-change",
        title: "IAM policy changes",
        pattern: "{ ($.eventSource = iam.amazonaws.com) && (($.eventName = DeleteGroupPolicy) || ($.eventName = DeleteRolePolicy) || \
            ($.eventName = DeleteUserPolicy) || ($.eventName = PutGroupPolicy) || ($.eventName = PutRolePolicy) || \
            ($.eventName = PutUserPolicy) || ($.eventName = CreatePolicy) || ($.eventName = DeletePolicy) || \
            ($.eventName = CreatePolicyVersion) || ($.eventName = DeletePolicyVersion) || ($.eventName = AttachRolePolicy) || \
            ($.eventName = DetachRolePolicy) || ($.eventName = AttachUserPolicy) || ($.eventName = DetachUserPolicy) || \
            ($.eventName = AttachGroupPolicy) || ($.eventName = DetachGroupPolicy)) }",
        source: "CIS 4.4; Security Hub CloudWatch.4",
    },
    MonitoredActivity {
        control: Some("4.5"),
        name: "cloudtrail-change",
        title: "CloudTrail configuration changes",
        pattern: "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) || \
            ($.eventName = StartLogging) || ($.eventName = StopLogging) }",
        source: "CIS 4.5; Security Hub CloudWatch.5",
    },
    MonitoredActivity {
        control: Some("4.6"),
        name: "console-sign-in-failure",
        title: "Console sign-in failures",
        pattern: r#"{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }"#,
        source: "CIS 4.6; Security Hub CloudWatch.6",
    },
    MonitoredActivity {
        control: Some("4.7"),
        name: "kms-key-deletion",
        title: "KMS keys disabled or scheduled for deletion",
        pattern: "{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }",
        source: "CIS 4.7; Security Hub CloudWatch.7",
    },
    MonitoredActivity {
        control: Some("4.8"),
        name: "s3-bucket-policy-change",
        title: "S3 bucket policy changes",
        pattern: "{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy) || \
            ($.eventName = PutBucketCors) || ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketReplication) || \
            ($.eventName = DeleteBucketPolicy) || ($.eventName = DeleteBucketCors) || ($.eventName = DeleteBucketLifecycle) || \
            ($.eventName = DeleteBucketReplication)) }",
        source: "CIS 4.8; Security Hub CloudWatch.8",
    },
    MonitoredActivity {
        control: Some("4.9"),
        name: "config-change",
        title: "AWS Config configuration changes",
        pattern: "{ ($.eventSource = config.amazonaws.com) && (($.eventName = StopConfigurationRecorder) || \
            ($.eventName = DeleteDeliveryChannel) || ($.eventName = PutDeliveryChannel) || \
            ($.eventName = PutConfigurationRecorder)) }",
        source: "CIS 4.9; Security Hub CloudWatch.9",
    },
    MonitoredActivity {
        control: Some("4.10"),
        name: "security-group-change",
        title: "Security group changes",
        pattern: "{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = AuthorizeSecurityGroupEgress) || \
            ($.eventName = RevokeSecurityGroupIngress) || ($.eventName = RevokeSecurityGroupEgress) || \
            ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }",
        source: "CIS 4.10; Security Hub CloudWatch.10",
    },
    MonitoredActivity {
        control: Some("4.11"),
        name: "network-acl-change",
        title: "Network ACL changes",
        pattern: "{ ($.eventName = CreateNetworkAcl) || ($.eventName = CreateNetworkAclEntry) || ($.eventName = DeleteNetworkAcl) || \
            ($.eventName = DeleteNetworkAclEntry) || ($.eventName = ReplaceNetworkAclEntry) || \
            ($.eventName = ReplaceNetworkAclAssociation) }",
        source: "CIS 4.11; Security Hub CloudWatch.11",
    },
    MonitoredActivity {
        control: Some("4.12"),
        name: "network-gateway-change",
        title: "Network gateway changes",
        pattern: "{ ($.eventName = CreateCustomerGateway) || ($.eventName = DeleteCustomerGateway) || \
            ($.eventName = AttachInternetGateway) || ($.eventName = CreateInternetGateway) || \
            ($.eventName = DeleteInternetGateway) || ($.eventName = DetachInternetGateway) }",
        source: "CIS 4.12; Security Hub CloudWatch.12",
    },
    MonitoredActivity {
        control: Some("4.13"),
        name: "route-table-change",
        title: "Route table changes",
        pattern: "{ ($.eventSource = ec2.amazonaws.com) && (($.eventName = CreateRoute) || ($.eventName = CreateRouteTable) || \
            ($.eventName = ReplaceRoute) || ($.eventName = ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || \
            ($.eventName = DeleteRoute) || ($.eventName = DisassociateRouteTable)) }",
        source: "CIS 4.13; Security Hub CloudWatch.13",
    },
    MonitoredActivity {
        control: Some("4.14"),
        name: "vpc-change",
        title: "VPC changes",
        pattern: "{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = ModifyVpcAttribute) || \
            ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = CreateVpcPeeringConnection) || \
            ($.eventName = DeleteVpcPeeringConnection) || ($.eventName = RejectVpcPeeringConnection) || \
            ($.eventName = AttachClassicLinkVpc) || ($.eventName = DetachClassicLinkVpc) || \
            ($.eventName = DisableVpcClassicLink) || ($.eventName = EnableVpcClassicLink) }",
        source: "CIS 4.14; Security Hub CloudWatch.14",
    },
    MonitoredActivity {
        control: Some("4.15"),
        name: "organizations-change",
        title: "AWS Organizations changes",
        pattern: "{ ($.eventSource = organizations.amazonaws.com) && (($.eventName = AcceptHandshake) || \
            ($.eventName = AttachPolicy) || ($.eventName = CreateAccount) || ($.eventName = CreateOrganizationalUnit) || \
            ($.eventName = CreatePolicy) || ($.eventName = DeclineHandshake) || ($.eventName = DeleteOrganization) || \
            ($.eventName = DeleteOrganizationalUnit) || ($.eventName = DeletePolicy) || ($.eventName = DetachPolicy) || \
            ($.eventName = DisablePolicyType) || ($.eventName = EnablePolicyType) || \
            ($.eventName = InviteAccountToOrganization) || ($.eventName = LeaveOrganization) || ($.eventName = MoveAccount) || \
            ($.eventName = RemoveAccountFromOrganization) || ($.eventName = UpdatePolicy) || \
            ($.eventName = UpdateOrganizationalUnit)) }",
        source: "CIS 4.15",
    },
    MonitoredActivity {
        control: None,
        name: "s3-public-access",
        title: "S3 public access changes",
        pattern: "{ ($.eventName = PutBucketPublicAccessBlock) || ($.eventName = DeleteBucketPublicAccessBlock) || \
            ($.eventName = PutAccountPublicAccessBlock) || ($.eventName = DeleteAccountPublicAccessBlock) || \
            ($.eventName = PutBucketAcl) || ($.eventName = PutObjectAcl) }",
        source: "Amazon S3 user guide, \"Amazon S3 CloudTrail events\"",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::FilterPattern;
    use std::collections::BTreeSet;

    #[test]
    fn every_pattern_is_read_and_every_name_is_there_once() {
        let mut names = BTreeSet::new();
        for own in MONITORED_ACTIVITIES {
            FilterPattern::parse(own.pattern).unwrap_or_else(|error| panic!("{}: {error}", own.name));
            assert!(names.insert(own.name), "{} is there twice", own.name);
            assert!(
                own.name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            );
        }
        let controls: Vec<&str> = MONITORED_ACTIVITIES.iter().filter_map(|own| own.control).collect();
        let expected: Vec<String> = (1..=15).map(|number| format!("4.{number}")).collect();
        assert_eq!(controls, expected);
    }
}
