"""Makes the same calls on the sandbox and on a moto server and compares what boto3 sees.

The same refusals must have the same code; an answer of the sandbox must have every member that moto's has, of the same
type. A difference that is known and right is written in `differences.json` with its reason; one that no longer exists
must leave that list.

Usage: boto3_compare.py SANDBOX_URL MOTO_URL
"""

import json
import pathlib
import sys
import urllib.request

from botocore.exceptions import ClientError

from harness import Control, clients, report

SANDBOX, MOTO = sys.argv[1], sys.argv[2]
KNOWN = json.loads((pathlib.Path(__file__).parent / "differences.json").read_text(encoding="utf-8"))


class Target:
    """One server under comparison, with the ids that its calls need."""

    def __init__(self, client, settle):
        self.client = client
        self.settle = settle
        self.ids = {}

    def call(self, service, operation, **arguments):
        filled = {key: value(self.ids) if callable(value) else value for key, value in arguments.items()}
        try:
            answer = getattr(self.client(service), operation)(**filled)
        except ClientError as error:
            return {"error": error.response["Error"]["Code"]}
        answer.pop("ResponseMetadata")
        return {"answer": answer}


def shape(value):
    if isinstance(value, dict):
        return {key: shape(member) for key, member in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def missing(ours, theirs, at=""):
    """Members of moto's answer that the sandbox's lacks, or has as another type."""
    if isinstance(theirs, dict):
        if not isinstance(ours, dict):
            return [f"{at or 'answer'}: is no structure"]
        found = []
        for key, member in theirs.items():
            found += missing(ours[key], member, f"{at}.{key}") if key in ours else [f"{at}.{key}: is missing"]
        return found
    if isinstance(theirs, list):
        if not isinstance(ours, list):
            return [f"{at}: is no list"]
        return missing(ours[0], theirs[0], f"{at}[]") if ours and theirs else []
    return [] if type(ours) is type(theirs) and ours == theirs else [f"{at}: is {ours}, not {theirs}"]


def prepare_sandbox():
    control = Control(SANDBOX)
    control.ask("POST", "organizations", {"name": "Compared", "landingZone": False, "ouNames": ["Workloads"]})
    own = next(o for o in control.ask("GET", "credentials")["organizations"] if o["name"] == "Compared")
    target = Target(clients(SANDBOX, own["admin"]), lambda: control.advance(30))
    target.ids = {"management": own["managementAccountId"], "root": own["rootId"]}
    return target


def prepare_moto():
    keys = {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "moto"}
    urllib.request.urlopen(urllib.request.Request(f"{MOTO}/moto-api/reset", method="POST"), timeout=30).close()
    client = clients(MOTO, keys)
    client("organizations").create_organization(FeatureSet="ALL")
    root = client("organizations").list_roots()["Roots"][0]["Id"]
    target = Target(client, lambda: None)
    target.ids = {"management": "123456789012", "root": root}
    return target


def keep(name, *path):
    """Remembers a member of the answer as an id for later calls."""

    def remember(target, answer):
        for step in path:
            answer = answer[step]
        target.ids[name] = answer

    return remember


def of(name):
    return lambda ids: ids[name]


CONTENT = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]})
SCP = "SERVICE_CONTROL_POLICY"

# name, service, operation, arguments, what to keep
CALLS = [
    ("caller identity", "sts", "get_caller_identity", {}, None),
    ("organisation", "organizations", "describe_organization", {}, None),
    ("roots", "organizations", "list_roots", {}, None),
    ("OU made", "organizations", "create_organizational_unit", {"ParentId": of("root"), "Name": "Compared"}, keep("ou", "OrganizationalUnit", "Id")),
    ("OU made twice", "organizations", "create_organizational_unit", {"ParentId": of("root"), "Name": "Compared"}, None),
    ("OU described", "organizations", "describe_organizational_unit", {"OrganizationalUnitId": of("ou")}, None),
    ("OU unknown", "organizations", "describe_organizational_unit", {"OrganizationalUnitId": "ou-zzzz-zzzzzzzz"}, None),
    ("OUs listed", "organizations", "list_organizational_units_for_parent", {"ParentId": of("root")}, None),
    ("account asked for", "organizations", "create_account", {"Email": "compared@example.jp", "AccountName": "Compared"}, keep("request", "CreateAccountStatus", "Id")),
    ("account made", "organizations", "describe_create_account_status", {"CreateAccountRequestId": of("request")}, keep("account", "CreateAccountStatus", "AccountId")),
    ("creation unknown", "organizations", "describe_create_account_status", {"CreateAccountRequestId": "car-00000000000000000000000000000000"}, None),
    ("account described", "organizations", "describe_account", {"AccountId": of("account")}, None),
    ("account unknown", "organizations", "describe_account", {"AccountId": "999999999999"}, None),
    ("accounts listed", "organizations", "list_accounts", {}, None),
    ("parents", "organizations", "list_parents", {"ChildId": of("account")}, None),
    ("moved", "organizations", "move_account", {"AccountId": of("account"), "SourceParentId": of("root"), "DestinationParentId": of("ou")}, None),
    ("accounts of an OU", "organizations", "list_accounts_for_parent", {"ParentId": of("ou")}, None),
    ("children", "organizations", "list_children", {"ParentId": of("ou"), "ChildType": "ACCOUNT"}, None),
    ("tagged", "organizations", "tag_resource", {"ResourceId": of("account"), "Tags": [{"Key": "a", "Value": "b"}]}, None),
    ("tags", "organizations", "list_tags_for_resource", {"ResourceId": of("account")}, None),
    ("policy type enabled", "organizations", "enable_policy_type", {"RootId": of("root"), "PolicyType": "TAG_POLICY"}, None),
    ("policy made", "organizations", "create_policy", {"Name": "compared", "Description": "d", "Type": SCP, "Content": CONTENT}, keep("policy", "Policy", "PolicySummary", "Id")),
    ("policy described", "organizations", "describe_policy", {"PolicyId": of("policy")}, None),
    ("policy unknown", "organizations", "describe_policy", {"PolicyId": "p-zzzzzzzz"}, None),
    ("policy attached", "organizations", "attach_policy", {"PolicyId": of("policy"), "TargetId": of("account")}, None),
    ("policies of a target", "organizations", "list_policies_for_target", {"TargetId": of("account"), "Filter": SCP}, None),
    ("targets of a policy", "organizations", "list_targets_for_policy", {"PolicyId": of("policy")}, None),
    ("policy in use deleted", "organizations", "delete_policy", {"PolicyId": of("policy")}, None),
    ("policy detached", "organizations", "detach_policy", {"PolicyId": of("policy"), "TargetId": of("account")}, None),
    ("policy detached twice", "organizations", "detach_policy", {"PolicyId": of("policy"), "TargetId": of("account")}, None),
    ("policy deleted", "organizations", "delete_policy", {"PolicyId": of("policy")}, None),
    ("service access", "organizations", "enable_aws_service_access", {"ServicePrincipal": "ssm.amazonaws.com"}, None),
    ("services with access", "organizations", "list_aws_service_access_for_organization", {}, None),
    ("delegated administrator", "organizations", "register_delegated_administrator", {"AccountId": of("account"), "ServicePrincipal": "ssm.amazonaws.com"}, None),
    ("delegated administrators", "organizations", "list_delegated_administrators", {}, None),
    ("delegated administrator twice", "organizations", "register_delegated_administrator", {"AccountId": of("account"), "ServicePrincipal": "ssm.amazonaws.com"}, None),
    ("delegated services", "organizations", "list_delegated_services_for_account", {"AccountId": of("account")}, None),
    ("delegation ended", "organizations", "deregister_delegated_administrator", {"AccountId": of("account"), "ServicePrincipal": "ssm.amazonaws.com"}, None),
    ("instances", "sso-admin", "list_instances", {}, keep("instance", "Instances", 0)),
    ("permission set", "sso-admin", "create_permission_set", {"InstanceArn": lambda i: i["instance"]["InstanceArn"], "Name": "Compared", "SessionDuration": "PT1H"}, keep("set", "PermissionSet", "PermissionSetArn")),
    ("permission set twice", "sso-admin", "create_permission_set", {"InstanceArn": lambda i: i["instance"]["InstanceArn"], "Name": "Compared"}, None),
    ("permission set described", "sso-admin", "describe_permission_set", {"InstanceArn": lambda i: i["instance"]["InstanceArn"], "PermissionSetArn": of("set")}, None),
    ("permission sets", "sso-admin", "list_permission_sets", {"InstanceArn": lambda i: i["instance"]["InstanceArn"]}, None),
    ("inline policy", "sso-admin", "put_inline_policy_to_permission_set", {"InstanceArn": lambda i: i["instance"]["InstanceArn"], "PermissionSetArn": of("set"), "InlinePolicy": CONTENT}, None),
    ("inline policy read", "sso-admin", "get_inline_policy_for_permission_set", {"InstanceArn": lambda i: i["instance"]["InstanceArn"], "PermissionSetArn": of("set")}, None),
    ("managed policy", "sso-admin", "attach_managed_policy_to_permission_set", {"InstanceArn": lambda i: i["instance"]["InstanceArn"], "PermissionSetArn": of("set"), "ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, None),
    ("managed policy twice", "sso-admin", "attach_managed_policy_to_permission_set", {"InstanceArn": lambda i: i["instance"]["InstanceArn"], "PermissionSetArn": of("set"), "ManagedPolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, None),
    ("managed policies", "sso-admin", "list_managed_policies_in_permission_set", {"InstanceArn": lambda i: i["instance"]["InstanceArn"], "PermissionSetArn": of("set")}, None),
    ("group", "identitystore", "create_group", {"IdentityStoreId": lambda i: i["instance"]["IdentityStoreId"], "DisplayName": "compared"}, keep("group", "GroupId")),
    ("group twice", "identitystore", "create_group", {"IdentityStoreId": lambda i: i["instance"]["IdentityStoreId"], "DisplayName": "compared"}, None),
    ("group described", "identitystore", "describe_group", {"IdentityStoreId": lambda i: i["instance"]["IdentityStoreId"], "GroupId": of("group")}, None),
    ("user", "identitystore", "create_user", {"IdentityStoreId": lambda i: i["instance"]["IdentityStoreId"], "UserName": "compared", "DisplayName": "C", "Name": {"GivenName": "C", "FamilyName": "D"}}, keep("user", "UserId")),
    ("user twice", "identitystore", "create_user", {"IdentityStoreId": lambda i: i["instance"]["IdentityStoreId"], "UserName": "compared", "DisplayName": "C", "Name": {"GivenName": "C", "FamilyName": "D"}}, None),
    ("membership", "identitystore", "create_group_membership", {"IdentityStoreId": lambda i: i["instance"]["IdentityStoreId"], "GroupId": of("group"), "MemberId": lambda i: {"UserId": i["user"]}}, None),
    ("memberships", "identitystore", "list_group_memberships", {"IdentityStoreId": lambda i: i["instance"]["IdentityStoreId"], "GroupId": of("group")}, None),
    ("unknown user", "identitystore", "get_user_id", {"IdentityStoreId": lambda i: i["instance"]["IdentityStoreId"], "AlternateIdentifier": {"UniqueAttribute": {"AttributePath": "userName", "AttributeValue": "absent"}}}, None),
    ("assignment", "sso-admin", "create_account_assignment", {"InstanceArn": lambda i: i["instance"]["InstanceArn"], "TargetId": of("account"), "TargetType": "AWS_ACCOUNT", "PermissionSetArn": of("set"), "PrincipalType": "GROUP", "PrincipalId": of("group")}, keep("assignment", "AccountAssignmentCreationStatus", "RequestId")),
    ("assignment made", "sso-admin", "describe_account_assignment_creation_status", {"InstanceArn": lambda i: i["instance"]["InstanceArn"], "AccountAssignmentCreationRequestId": of("assignment")}, None),
    ("assignments", "sso-admin", "list_account_assignments", {"InstanceArn": lambda i: i["instance"]["InstanceArn"], "AccountId": of("account"), "PermissionSetArn": of("set")}, None),
    ("contact", "account", "put_alternate_contact", {"AlternateContactType": "BILLING", "Name": "n", "Title": "t", "EmailAddress": "a@example.jp", "PhoneNumber": "+81-3-0000-0000"}, None),
    ("contact read", "account", "get_alternate_contact", {"AlternateContactType": "BILLING"}, None),
    ("contact absent", "account", "get_alternate_contact", {"AlternateContactType": "SECURITY"}, None),
    ("budget", "budgets", "create_budget", {"AccountId": of("management"), "Budget": {"BudgetName": "c", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": "10", "Unit": "USD"}}}, None),
    ("budget twice", "budgets", "create_budget", {"AccountId": of("management"), "Budget": {"BudgetName": "c", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": "10", "Unit": "USD"}}}, None),
    ("budget read", "budgets", "describe_budget", {"AccountId": of("management"), "BudgetName": "c"}, None),
    ("budget deleted", "budgets", "delete_budget", {"AccountId": of("management"), "BudgetName": "c"}, None),
    ("budget absent", "budgets", "describe_budget", {"AccountId": of("management"), "BudgetName": "c"}, None),
    ("queue", "sqs", "create_queue", {"QueueName": "compared"}, keep("queue", "QueueUrl")),
    ("queue absent", "sqs", "get_queue_url", {"QueueName": "absent"}, None),
    ("message", "sqs", "send_message", {"QueueUrl": of("queue"), "MessageBody": "こんにちは"}, None),
    ("message received", "sqs", "receive_message", {"QueueUrl": of("queue")}, None),
    ("rule", "events", "put_rule", {"Name": "compared", "EventPattern": json.dumps({"source": ["x"]})}, None),
    ("rule described", "events", "describe_rule", {"Name": "compared"}, None),
    ("rule absent", "events", "describe_rule", {"Name": "absent"}, None),
    ("case", "support", "create_case", {"subject": "s", "communicationBody": "b", "serviceCode": "customer-account", "categoryCode": "other-account-issues", "severityCode": "low", "issueType": "customer-service", "language": "en"}, keep("case", "caseId")),
    ("case read", "support", "describe_cases", {"caseIdList": lambda i: [i["case"]]}, None),
    ("closed", "organizations", "close_account", {"AccountId": of("account")}, None),
    ("management account closed", "organizations", "close_account", {"AccountId": of("management")}, None),
]


def compare(name, ours, theirs):
    """None where both say the same, otherwise what differs."""
    if "error" in ours or "error" in theirs:
        one, other = ours.get("error", "an answer"), theirs.get("error", "an answer")
        return None if one == other else f"the sandbox gives {one}, moto gives {other}"
    return "; ".join(missing(shape(ours["answer"]), shape(theirs["answer"]))) or None


def main():
    sandbox, moto = prepare_sandbox(), prepare_moto()
    failed = 0
    for name, service, operation, arguments, remember in CALLS:
        title = f"{service}: {name}"
        try:
            seen = []
            for target in (sandbox, moto):
                result = target.call(service, operation, **arguments)
                if remember and "answer" in result:
                    target.settle()
                    if name == "account made":
                        result = target.call(service, operation, **arguments)
                    remember(target, result["answer"])
                seen.append(result)
            difference = compare(name, *seen)
        except Exception as error:  # a call that cannot be made is a result too
            difference = f"{type(error).__name__}: {error}"
        known = KNOWN.get(title)
        if known and difference is None:
            difference = "is listed in differences.json and there is no difference any more"
        elif known:
            title, difference = f"{title} — known difference: {known}", None
        failed += difference is not None
        report(title, difference)
    listed = {f"{call[1]}: {call[0]}" for call in CALLS}
    stale = [key for key in KNOWN if key not in listed]
    report("differences.json names only calls that are made", f"{stale}" if stale else None)
    sys.exit(0 if failed == 0 and not stale else 1)


if __name__ == "__main__":
    main()
