"""Drives the services that carry controls with boto3, which nobody here wrote. One JSON line for each check.

Usage: boto3_controls.py ENDPOINT
"""

import json
import sys

from harness import Control, clients, refused, run

ENDPOINT = sys.argv[1]
control = Control(ENDPOINT)
keys = control.ask("GET", "credentials")
tower = next(o for o in keys["organizations"] if o["hasLandingZone"])
admin = clients(ENDPOINT, tower["admin"])
REGION = tower["homeRegion"]
state = {}


def role_in(account):
    """Keys of Rankan's role in another account."""
    answer = clients(ENDPOINT, keys)("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/RankanControlPlane", RoleSessionName="boto3"
    )["Credentials"]
    return clients(
        ENDPOINT,
        {
            "accessKeyId": answer["AccessKeyId"],
            "secretAccessKey": answer["SecretAccessKey"],
            "sessionToken": answer["SessionToken"],
        },
    )


def ou():
    root = admin("organizations").list_roots()["Roots"][0]["Id"]
    ous = admin("organizations").list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    return next(one for one in ous if one["Name"] == "Production")


def catalogue():
    """controlcatalog: pages give every control once, and one is read by its ARN"""
    pages = admin("controlcatalog").get_paginator("list_controls").paginate(PaginationConfig={"PageSize": 50})
    found = [c for page in pages for c in page["Controls"]]
    assert len({c["Arn"] for c in found}) == len(found) > 200, len(found)
    state["root"] = next(c["Arn"] for c in found if "AWS-GR_RESTRICT_ROOT_USER" in c["Aliases"])
    assert admin("controlcatalog").get_control(ControlArn=state["root"])["Behavior"] == "PREVENTIVE"


def control_on():
    """controltower: a preventive control attaches its policy, is refused twice, and goes off again"""
    client, target = admin("controltower"), ou()
    started = client.enable_control(controlIdentifier=state["root"], targetIdentifier=target["Arn"])
    operation = started["operationIdentifier"]
    refused("ConflictException", client.enable_control, controlIdentifier=state["root"], targetIdentifier=target["Arn"])

    def ended(which):
        status = client.get_control_operation(operationIdentifier=which)["controlOperation"]["status"]
        return status if status != "IN_PROGRESS" else None

    assert control.until(lambda: ended(operation)) == "SUCCEEDED"
    names = [
        p["Name"]
        for p in admin("organizations").list_policies_for_target(
            TargetId=target["Id"], Filter="SERVICE_CONTROL_POLICY"
        )["Policies"]
    ]
    assert any(name.startswith("aws-guardrails-") for name in names), names
    listed = client.list_enabled_controls(targetIdentifier=target["Arn"])["enabledControls"]
    assert listed[0]["driftStatusSummary"]["driftStatus"] == "IN_SYNC", listed
    stopped = client.disable_control(controlIdentifier=state["root"], targetIdentifier=target["Arn"])
    assert control.until(lambda: ended(stopped["operationIdentifier"])) == "SUCCEEDED"
    assert client.list_enabled_controls(targetIdentifier=target["Arn"])["enabledControls"] == []


def control_target():
    """controltower: a target that is not a registered OU is refused"""
    client = admin("controltower")
    account = tower["managementAccountId"]
    wrong = f"arn:aws:organizations::{account}:account/{tower['organizationId']}/{account}"
    refused("ValidationException", client.enable_control, controlIdentifier=state["root"], targetIdentifier=wrong)


GUARD = 'rule versioned when resourceType == "AWS::S3::Bucket" { configuration.versioned == true }'


def config_rule():
    """config: a custom policy rule judges what Config saw"""
    client = admin("config")
    source = {"Owner": "CUSTOM_POLICY", "CustomPolicyDetails": {"PolicyRuntime": "guard-2.x.x", "PolicyText": GUARD}}
    client.put_config_rule(ConfigRule={"ConfigRuleName": "versioned", "Source": source})
    assert client.get_custom_rule_policy(ConfigRuleName="versioned")["PolicyText"] == GUARD
    item = {"resourceType": "AWS::S3::Bucket", "resourceId": "b", "configuration": {"versioned": False}}
    control.ask("POST", "config", {"accountId": tower["managementAccountId"], "region": REGION, "items": [item]})
    found = client.describe_compliance_by_config_rule(ConfigRuleNames=["versioned"])["ComplianceByConfigRules"][0]
    assert found["Compliance"]["ComplianceType"] == "NON_COMPLIANT", found
    history = client.get_resource_config_history(resourceType="AWS::S3::Bucket", resourceId="b")
    assert json.loads(history["configurationItems"][0]["configuration"]) == {"versioned": False}
    refused("NoSuchConfigRuleException", client.describe_config_rules, ConfigRuleNames=["absent"])
    client.delete_config_rule(ConfigRuleName="versioned")


def organization_pack():
    """config: a conformance pack reaches every account, and a bad template is refused"""
    client = admin("config")
    rule = {
        "Type": "AWS::Config::ConfigRule",
        "Properties": {"ConfigRuleName": "e", "Source": {"Owner": "AWS", "SourceIdentifier": "ENCRYPTED_VOLUMES"}},
    }
    body = json.dumps({"Resources": {"E": rule}})
    client.put_organization_conformance_pack(OrganizationConformancePackName="boto3", TemplateBody=body)

    def status():
        answer = client.describe_organization_conformance_pack_statuses(OrganizationConformancePackNames=["boto3"])
        return answer["OrganizationConformancePackStatuses"][0]["Status"]

    control.until(lambda: status() == "CREATE_SUCCESSFUL")
    details = client.get_organization_conformance_pack_detailed_status(OrganizationConformancePackName="boto3")
    assert len(details["OrganizationConformancePackDetailedStatuses"]) >= 3
    refused(
        "OrganizationConformancePackTemplateValidationException",
        client.put_organization_conformance_pack,
        OrganizationConformancePackName="bad",
        TemplateBody="Resources: {}",
    )
    client.delete_organization_conformance_pack(OrganizationConformancePackName="boto3")


def central_configuration():
    """securityhub: the delegated administrator applies a policy to an OU, and accounts inherit it"""
    found = admin("securityhub").list_organization_admin_accounts()["AdminAccounts"][0]["AccountId"]
    client = role_in(found)("securityhub")
    standard = f"arn:aws:securityhub:{REGION}::standards/aws-foundational-security-best-practices/v/1.0.0"
    policy = {
        "SecurityHub": {
            "ServiceEnabled": True,
            "EnabledStandardIdentifiers": [standard],
            "SecurityControlsConfiguration": {"DisabledSecurityControlIdentifiers": ["EC2.10"]},
        }
    }
    made = client.create_configuration_policy(Name="boto3", ConfigurationPolicy=policy)
    assert client.get_configuration_policy(Identifier=made["Id"])["ConfigurationPolicy"] == policy
    target = {"OrganizationalUnitId": ou()["Id"]}
    client.start_configuration_policy_association(ConfigurationPolicyIdentifier=made["Id"], Target=target)
    control.until(
        lambda: client.get_configuration_policy_association(Target=target)["AssociationStatus"] == "SUCCESS"
    )
    refused("ResourceConflictException", client.delete_configuration_policy, Identifier=made["Id"])
    refused("AccessDeniedException", admin("securityhub").list_configuration_policies)


def hook():
    """cloudformation: a Guard hook is activated, configured in WARN and read back; a wrong mode is refused"""
    client, name = admin("cloudformation"), "Rankan::Guard::Baseline"
    client.activate_type(
        Type="HOOK",
        TypeName="AWS::Hooks::GuardHook",
        PublisherId="aws-hooks",
        TypeNameAlias=name,
        ExecutionRoleArn=f"arn:aws:iam::{tower['managementAccountId']}:role/hook",
    )

    def configuration(mode):
        inner = {
            "HookInvocationStatus": "ENABLED",
            "TargetOperations": ["RESOURCE"],
            "FailureMode": mode,
            "Properties": {"ruleLocation": "s3://rules/baseline.guard"},
        }
        return json.dumps({"CloudFormationConfiguration": {"HookConfiguration": inner}})

    client.set_type_configuration(Type="HOOK", TypeName=name, Configuration=configuration("WARN"))
    refused(
        "CFNRegistryException",
        client.set_type_configuration,
        Type="HOOK",
        TypeName=name,
        Configuration=configuration("STOP"),
    )
    read = client.batch_describe_type_configurations(
        TypeConfigurationIdentifiers=[{"Type": "HOOK", "TypeName": name}]
    )["TypeConfigurations"][0]
    assert json.loads(read["Configuration"]) == json.loads(configuration("WARN"))
    client.deactivate_type(Type="HOOK", TypeName=name)
    refused("TypeNotFoundException", client.describe_type, Type="HOOK", TypeName=name)


def stack_set_hook():
    """cloudformation, s3: rules lie in a bucket, a stack set brings the hook into the accounts of an OU, and takes it out again"""
    s3 = admin("s3")
    bucket = tower["hookBucket"]
    s3.put_object(Bucket=bucket, Key="rankan/b3.guard", Body=b"rule all { Resources exists }")
    assert s3.get_object(Bucket=bucket, Key="rankan/b3.guard")["Body"].read() == b"rule all { Resources exists }"
    refused("NoSuchKey", s3.get_object, Bucket=bucket, Key="rankan/none.guard")
    cfn = admin("cloudformation")
    assert cfn.describe_organizations_access()["Status"] == "ENABLED"
    properties = {
        "Alias": "Rankan::Boto3::Guard",
        "ExecutionRole": "arn:aws:iam::111122223333:role/hook",
        "FailureMode": "WARN",
        "HookStatus": "ENABLED",
        "RuleLocation": {"Uri": f"s3://{bucket}/rankan/b3.guard"},
        "TargetOperations": ["STACK"],
    }
    template = {"Resources": {"Hook": {"Type": "AWS::CloudFormation::GuardHook", "Properties": properties}}}
    cfn.create_stack_set(
        StackSetName="rankan-boto3",
        TemplateBody=json.dumps(template),
        PermissionModel="SERVICE_MANAGED",
        AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": False},
    )
    target = {"OrganizationalUnitIds": [security_ou()]}
    started = cfn.create_stack_instances(StackSetName="rankan-boto3", DeploymentTargets=target, Regions=[REGION])
    refused(
        "OperationInProgressException",
        cfn.delete_stack_instances,
        StackSetName="rankan-boto3",
        DeploymentTargets=target,
        Regions=[REGION],
        RetainStacks=False,
    )
    status = lambda id: cfn.describe_stack_set_operation(StackSetName="rankan-boto3", OperationId=id)[
        "StackSetOperation"
    ]["Status"]
    assert status(started["OperationId"]) == "RUNNING"
    control.advance(10)
    assert status(started["OperationId"]) == "SUCCEEDED"
    instances = cfn.list_stack_instances(StackSetName="rankan-boto3")["Summaries"]
    assert len(instances) == 2 and {one["Status"] for one in instances} == {"CURRENT"}
    refused("StackSetNotEmptyException", cfn.delete_stack_set, StackSetName="rankan-boto3")
    ended = cfn.delete_stack_instances(
        StackSetName="rankan-boto3", DeploymentTargets=target, Regions=[REGION], RetainStacks=False
    )
    control.advance(10)
    assert status(ended["OperationId"]) == "SUCCEEDED"
    cfn.delete_stack_set(StackSetName="rankan-boto3")
    refused("StackSetNotFoundException", cfn.describe_stack_set, StackSetName="rankan-boto3")


def security_ou():
    root = admin("organizations").list_roots()["Roots"][0]["Id"]
    ous = admin("organizations").list_organizational_units_for_parent(ParentId=root)["OrganizationalUnits"]
    return next(one["Id"] for one in ous if one["Name"] == "Security")


def automation():
    """ssm: a document is made and run to its end; an unknown one is refused"""
    client = admin("ssm")
    content = {
        "schemaVersion": "0.3",
        "description": "Waits.",
        "assumeRole": "arn:aws:iam::123456789012:role/automation",
        "parameters": {},
        "mainSteps": [{"name": "Wait", "action": "aws:sleep", "inputs": {"Duration": "PT5M"}}],
    }
    client.create_document(Name="Boto3Wait", Content=json.dumps(content), DocumentType="Automation")
    refused("DocumentAlreadyExists", client.create_document, Name="Boto3Wait", Content="{}", DocumentType="Automation")
    started = client.start_automation_execution(DocumentName="Boto3Wait")["AutomationExecutionId"]

    def status():
        answer = client.get_automation_execution(AutomationExecutionId=started)
        return answer["AutomationExecution"]["AutomationExecutionStatus"]

    control.until(lambda: status() == "Success")
    refused("AutomationDefinitionNotFoundException", client.start_automation_execution, DocumentName="Absent")
    client.delete_document(Name="Boto3Wait")


run(
    [
        catalogue,
        control_on,
        control_target,
        config_rule,
        organization_pack,
        central_configuration,
        hook,
        stack_set_hook,
        automation,
    ]
)
