"""Drives the sandbox estate through vending with boto3, which nobody here wrote. One JSON line for each check.

Usage: boto3_vending.py ENDPOINT
"""

import json
import re
import sys

from botocore.exceptions import ClientError, ParamValidationError

from harness import Control, clients, refused, run

ENDPOINT = sys.argv[1]
control = Control(ENDPOINT)
keys = control.ask("GET", "credentials")
tower = next(o for o in keys["organizations"] if o["hasLandingZone"])
plain = next(o for o in keys["organizations"] if not o["hasLandingZone"])
admin = clients(ENDPOINT, tower["admin"])
plain_admin = clients(ENDPOINT, plain["admin"])
base = clients(ENDPOINT, keys)
state = {}


def rankan():
    return state["rankan"]


def sts_identity():
    """sts: says who calls"""
    answer = base("sts").get_caller_identity()
    assert re.fullmatch(r"arn:aws:iam::\d{12}:user/.+", answer["Arn"]), answer["Arn"]


def sts_assume():
    """sts: Rankan's role is assumed, and the session works"""
    answer = base("sts").assume_role(RoleArn=tower["roleArn"], RoleSessionName="boto3", DurationSeconds=3600)
    given = answer["Credentials"]
    state["rankan"] = clients(
        ENDPOINT,
        {
            "accessKeyId": given["AccessKeyId"],
            "secretAccessKey": given["SecretAccessKey"],
            "sessionToken": given["SessionToken"],
        },
    )
    who = rankan()("sts").get_caller_identity()
    assert who["Account"] == tower["managementAccountId"]
    assert ":assumed-role/RankanControlPlane/boto3" in who["Arn"], who["Arn"]


def sts_unknown_role():
    """sts: a role that does not exist, or does not trust us, is AccessDenied"""
    refused("AccessDenied", base("sts").assume_role, RoleArn="arn:aws:iam::123456789012:role/No", RoleSessionName="boto3")


def wrong_secret():
    """SigV4: a wrong secret is refused, in every protocol"""
    wrong = clients(ENDPOINT, {**tower["admin"], "secretAccessKey": "wrong"})
    refused("SignatureDoesNotMatch", wrong("sts").get_caller_identity)
    refused("InvalidSignatureException", wrong("organizations").describe_organization)
    refused("InvalidSignatureException", wrong("controltower").list_landing_zones)


def unknown_key():
    """SigV4: an unknown key is refused, in every protocol"""
    wrong = clients(ENDPOINT, {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "x"})
    refused("InvalidClientTokenId", wrong("sts").get_caller_identity)
    refused("UnrecognizedClientException", wrong("organizations").describe_organization)


def undeclared_action():
    """IAM: Rankan's role is denied what its adapters do not declare"""
    refused("AccessDeniedException", rankan()("organizations").delete_organization)
    refused("AccessDenied", rankan()("iam").list_users)


def organization():
    """organizations: describes itself and its root"""
    own = rankan()("organizations").describe_organization()["Organization"]
    assert own["Id"] == tower["organizationId"] and own["FeatureSet"] == "ALL"
    assert own["MasterAccountId"] == tower["managementAccountId"]
    root = rankan()("organizations").list_roots()["Roots"][0]
    assert root["Id"] == tower["rootId"]
    assert {"Type": "SERVICE_CONTROL_POLICY", "Status": "ENABLED"} in root["PolicyTypes"]


def organization_paging():
    """organizations: pages of any size give every account once; a made-up token is refused"""
    client = admin("organizations")
    pages = client.get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 1})
    one = [a["Id"] for page in pages for a in page["Accounts"]]
    all_ = [a["Id"] for page in client.get_paginator("list_accounts").paginate() for a in page["Accounts"]]
    assert sorted(one) == sorted(all_) and len(set(one)) == len(one) >= 3, (one, all_)
    refused("InvalidInputException", client.list_accounts, NextToken="made-up")


def organization_validation():
    """organizations: values outside the model are refused by the server, too long ones by botocore"""
    client = admin("organizations")
    refused(("InvalidInputException", "ValidationException"), client.describe_account, AccountId="12")
    try:
        client.create_account(Email="", AccountName="x")
        raise AssertionError("an empty e-mail was accepted")
    except (ParamValidationError, ClientError):
        pass


def organization_exceptions():
    """organizations: exceptions arrive as botocore's own classes"""
    client = admin("organizations")
    try:
        client.describe_account(AccountId="999999999999")
        raise AssertionError("an unknown account was described")
    except client.exceptions.AccountNotFoundException as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert error.response["ResponseMetadata"]["RequestId"]


def organization_ous():
    """organizations: an OU of the same name beside another is refused"""
    client = admin("organizations")
    made = client.create_organizational_unit(ParentId=tower["rootId"], Name="Boto")["OrganizationalUnit"]
    state["ou"] = made
    refused("DuplicateOrganizationalUnitException", client.create_organizational_unit, ParentId=tower["rootId"], Name="Boto")
    described = client.describe_organizational_unit(OrganizationalUnitId=made["Id"])["OrganizationalUnit"]
    assert described["Arn"] == made["Arn"]
    refused("ParentNotFoundException", client.create_organizational_unit, ParentId="ou-0000-00000000", Name="x")


def create_account():
    """organizations: an account is created asynchronously and stands at the root"""
    client = plain_admin("organizations")
    status = client.create_account(Email="boto+a@example.jp", AccountName="Boto A")["CreateAccountStatus"]
    assert status["State"] == "IN_PROGRESS" and status["Id"].startswith("car-")
    listed = client.list_create_account_status(States=["IN_PROGRESS"])["CreateAccountStatuses"]
    assert status["Id"] in [s["Id"] for s in listed]

    def done():
        now = client.describe_create_account_status(CreateAccountRequestId=status["Id"])["CreateAccountStatus"]
        return now if now["State"] != "IN_PROGRESS" else None

    end = control.until(done, minutes=1)
    assert end["State"] == "SUCCEEDED", end
    state["account"] = end["AccountId"]
    account = client.describe_account(AccountId=end["AccountId"])["Account"]
    assert account["Email"] == "boto+a@example.jp" and account["JoinedMethod"] == "CREATED"
    assert client.list_parents(ChildId=end["AccountId"])["Parents"][0]["Id"] == plain["rootId"]


def create_account_twice():
    """organizations: a second account with the same e-mail fails with EMAIL_ALREADY_EXISTS"""
    client = plain_admin("organizations")
    status = client.create_account(Email="boto+a@example.jp", AccountName="Boto B")["CreateAccountStatus"]

    def done():
        now = client.describe_create_account_status(CreateAccountRequestId=status["Id"])["CreateAccountStatus"]
        return now if now["State"] != "IN_PROGRESS" else None

    end = control.until(done, minutes=1)
    assert end["State"] == "FAILED" and end["FailureReason"] == "EMAIL_ALREADY_EXISTS", end


def move_account():
    """organizations: an account is moved; wrong parents are refused"""
    client = plain_admin("organizations")
    ou = client.list_organizational_units_for_parent(ParentId=plain["rootId"])["OrganizationalUnits"][0]["Id"]
    account = state["account"]
    client.move_account(AccountId=account, SourceParentId=plain["rootId"], DestinationParentId=ou)
    assert client.list_parents(ChildId=account)["Parents"][0]["Id"] == ou
    assert account in [a["Id"] for a in client.list_accounts_for_parent(ParentId=ou)["Accounts"]]
    refused(
        "DuplicateAccountException",
        client.move_account, AccountId=account, SourceParentId=plain["rootId"], DestinationParentId=ou,
    )
    refused(
        "DestinationParentNotFoundException",
        client.move_account, AccountId=account, SourceParentId=ou, DestinationParentId="ou-0000-00000000",
    )


def tags():
    """organizations: tags are set, listed and removed"""
    client = plain_admin("organizations")
    client.tag_resource(ResourceId=state["account"], Tags=[{"Key": "system", "Value": "住民記録"}])
    assert client.list_tags_for_resource(ResourceId=state["account"])["Tags"] == [{"Key": "system", "Value": "住民記録"}]
    client.untag_resource(ResourceId=state["account"], TagKeys=["system"])
    assert client.list_tags_for_resource(ResourceId=state["account"])["Tags"] == []


def policies():
    """organizations: a policy is attached once and detached once"""
    client = plain_admin("organizations")
    content = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}
    made = client.create_policy(Name="boto", Description="d", Type="SERVICE_CONTROL_POLICY", Content=json.dumps(content))
    policy = made["Policy"]["PolicySummary"]["Id"]
    client.attach_policy(PolicyId=policy, TargetId=state["account"])
    refused("DuplicatePolicyAttachmentException", client.attach_policy, PolicyId=policy, TargetId=state["account"])
    listed = client.list_policies_for_target(TargetId=state["account"], Filter="SERVICE_CONTROL_POLICY")["Policies"]
    assert {p["Id"] for p in listed} == {policy, "p-FullAWSAccess"}
    refused("PolicyInUseException", client.delete_policy, PolicyId=policy)
    client.detach_policy(PolicyId=policy, TargetId=state["account"])
    refused("PolicyNotAttachedException", client.detach_policy, PolicyId=policy, TargetId=state["account"])
    client.delete_policy(PolicyId=policy)
    refused("PolicyNotFoundException", client.describe_policy, PolicyId=policy)
    refused(
        "MalformedPolicyDocumentException",
        client.create_policy, Name="bad", Description="d", Type="SERVICE_CONTROL_POLICY", Content="{",
    )


def handshake():
    """organizations: an account of another organisation is invited, and the invitation cancelled"""
    client = admin("organizations")
    target = {"Id": state["account"], "Type": "ACCOUNT"}
    made = client.invite_account_to_organization(Target=target, Notes="transfer")["Handshake"]
    assert made["State"] in ("REQUESTED", "OPEN") and made["Action"] == "INVITE"
    refused("DuplicateHandshakeException", client.invite_account_to_organization, Target=target)
    listed = client.list_handshakes_for_organization(Filter={"ActionType": "INVITE"})["Handshakes"]
    assert made["Id"] in [h["Id"] for h in listed]
    assert client.cancel_handshake(HandshakeId=made["Id"])["Handshake"]["State"] == "CANCELED"
    refused("HandshakeAlreadyInStateException", client.cancel_handshake, HandshakeId=made["Id"])


def landing_zone():
    """controltower: the landing zone and its baselines are there"""
    client = rankan()("controltower")
    zones = client.list_landing_zones()["landingZones"]
    assert len(zones) == 1
    detail = admin("controltower").get_landing_zone(landingZoneIdentifier=zones[0]["arn"])["landingZone"]
    assert detail["status"] == "ACTIVE" and detail["driftStatus"]["status"] == "IN_SYNC"
    names = {b["name"]: b["arn"] for b in client.list_baselines()["baselines"]}
    assert {"AWSControlTowerBaseline", "IdentityCenterBaseline"} <= set(names)
    state["baseline"] = names["AWSControlTowerBaseline"]
    assert plain_admin("controltower").list_landing_zones()["landingZones"] == []


def enabled_baselines():
    """controltower: the registered OUs are listed, page by page, with their children"""
    client = rankan()("controltower")
    pages = client.get_paginator("list_enabled_baselines").paginate(
        includeChildren=True, PaginationConfig={"PageSize": 5}
    )
    found = [b for page in pages for b in page["enabledBaselines"]]
    assert len({b["arn"] for b in found}) == len(found) >= 5
    own = [b for b in found if b["baselineIdentifier"] == state["baseline"]]
    state["version"] = own[0]["baselineVersion"]
    assert all(b["statusSummary"]["status"] == "SUCCEEDED" for b in own), own
    assert any(":account/" in b["targetIdentifier"] and b["parentIdentifier"] for b in own)


def register_ou():
    """controltower: an OU is registered; a second operation meanwhile is a conflict"""
    client = rankan()("controltower")
    enabled = client.list_enabled_baselines()["enabledBaselines"]
    identity = next((b for b in enabled if "IdentityCenter" in json.dumps(b) or b["baselineIdentifier"] != state["baseline"]), None)
    arguments = {
        "baselineIdentifier": state["baseline"],
        "baselineVersion": state["version"],
        "targetIdentifier": state["ou"]["Arn"],
    }
    if identity:
        arguments["parameters"] = [{"key": "IdentityCenterEnabledBaselineArn", "value": identity["arn"]}]
    made = client.enable_baseline(**arguments)
    refused("ConflictException", client.enable_baseline, **arguments)

    def done():
        now = client.get_baseline_operation(operationIdentifier=made["operationIdentifier"])["baselineOperation"]
        return now if now["status"] != "IN_PROGRESS" else None

    end = control.until(done)
    assert end["status"] == "SUCCEEDED", end
    refused(
        "ResourceNotFoundException",
        client.get_baseline_operation, operationIdentifier="00000000-0000-0000-0000-000000000000",
    )


def control_tower_validation():
    """controltower: a value outside the model is a ValidationException"""
    refused("ValidationException", rankan()("controltower").list_enabled_baselines, filter={"targetIdentifiers": ["x" * 20]})


def delivery():
    """events and sqs: a rule delivers lifecycle events into a queue that lets only EventBridge send"""
    sqs, events = rankan()("sqs"), rankan()("events")
    url = sqs.create_queue(QueueName="boto")["QueueUrl"]
    assert sqs.get_queue_url(QueueName="boto")["QueueUrl"] == url
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rule = events.put_rule(Name="boto", EventPattern=json.dumps({"source": ["aws.controltower"]}))["RuleArn"]
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
            }
        ],
    }
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    assert events.put_targets(Rule="boto", Targets=[{"Id": "q", "Arn": arn}])["FailedEntryCount"] == 0
    state["queue"] = url
    try:
        sqs.get_queue_url(QueueName="absent")
        raise AssertionError("an absent queue has a URL")
    except sqs.exceptions.QueueDoesNotExist:
        pass


def factory_product():
    """servicecatalog: Account Factory is described by its name, with artifact and launch path"""
    answer = rankan()("servicecatalog").describe_product(Name="AWS Control Tower Account Factory")
    assert answer["LaunchPaths"] and answer["ProvisioningArtifacts"]
    state["factory"] = {
        "ProductId": answer["ProductViewSummary"]["ProductId"],
        "ProvisioningArtifactId": answer["ProvisioningArtifacts"][0]["Id"],
        "PathId": answer["LaunchPaths"][0]["Id"],
    }


def factory_no_path():
    """servicecatalog: who is no principal of the portfolio gets "No launch paths found\""""
    iam = admin("iam")
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"AWS": tower["managementAccountId"]}, "Action": "sts:AssumeRole"}
        ],
    }
    role = iam.create_role(RoleName="Outsider", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.attach_role_policy(RoleName="Outsider", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    given = admin("sts").assume_role(RoleArn=role, RoleSessionName="boto3")["Credentials"]
    outsider = clients(
        ENDPOINT,
        {
            "accessKeyId": given["AccessKeyId"],
            "secretAccessKey": given["SecretAccessKey"],
            "sessionToken": given["SessionToken"],
        },
    )
    body = refused("ResourceNotFoundException", outsider("servicecatalog").provision_product, **order("nobody"))
    assert "No launch paths found" in body["Error"]["Message"], body


def order(name, **changes):
    parameters = {
        "AccountEmail": f"boto+{name}@example.jp",
        "AccountName": f"Boto {name}",
        "ManagedOrganizationalUnit": f"Boto ({state['ou']['Id']})",
        "SSOUserEmail": "owner@example.jp",
        "SSOUserFirstName": "Hanako",
        "SSOUserLastName": "Yamada",
        **changes,
    }
    return {
        **state["factory"],
        "ProvisionedProductName": f"boto-{name}",
        "ProvisionToken": f"boto-{name}",
        "ProvisioningParameters": [{"Key": k, "Value": v} for k, v in parameters.items() if v is not None],
    }


def factory_validation():
    """servicecatalog: a missing parameter is InvalidParametersException"""
    refused("InvalidParametersException", rankan()("servicecatalog").provision_product, **order("bad", AccountEmail=None))


def record_of(record_id):
    client = rankan()("servicecatalog")

    def done():
        now = client.describe_record(Id=record_id)
        return now if now["RecordDetail"]["Status"] in ("SUCCEEDED", "FAILED") else None

    return control.until(done)


def factory_provision():
    """servicecatalog: ProvisionProduct, with one token any number of times, makes one account"""
    client = rankan()("servicecatalog")
    first = client.provision_product(**order("one"))["RecordDetail"]
    assert first["Status"] == "CREATED" and first["RecordType"] == "PROVISION_PRODUCT"
    assert first["ProvisionedProductType"] == "CONTROL_TOWER_ACCOUNT"
    again = client.provision_product(**order("one"))["RecordDetail"]
    assert again["RecordId"] == first["RecordId"]
    refused("DuplicateResourceException", client.provision_product, **{**order("one"), "ProvisionToken": "boto-other"})
    end = record_of(first["RecordId"])
    assert end["RecordDetail"]["Status"] == "SUCCEEDED", end["RecordDetail"]
    outputs = {o["OutputKey"]: o["OutputValue"] for o in end["RecordOutputs"]}
    state["vended"] = outputs["AccountId"]
    product = client.describe_provisioned_product(Name="boto-one")["ProvisionedProductDetail"]
    assert product["Status"] == "AVAILABLE" and product["Id"] == first["ProvisionedProductId"]
    state["product"] = product["Id"]
    found = client.search_provisioned_products(
        AccessLevelFilter={"Key": "Account", "Value": "self"},
        Filters={"SearchQuery": [f"physicalId:{state['vended']}"]},
    )["ProvisionedProducts"]
    assert [p["Id"] for p in found] == [product["Id"]], found


def factory_enrolled():
    """controltower: the vended account is enrolled under its OU"""
    client = rankan()("controltower")
    management, own = tower["managementAccountId"], tower["organizationId"]
    arn = f"arn:aws:organizations::{management}:account/{own}/{state['vended']}"
    found = client.list_enabled_baselines(filter={"targetIdentifiers": [arn]}, includeChildren=True)["enabledBaselines"]
    assert [b["statusSummary"]["status"] for b in found] == ["SUCCEEDED"], found


def factory_email_taken():
    """servicecatalog: a taken e-mail fails in the record, not in the call"""
    client = rankan()("servicecatalog")
    made = client.provision_product(**order("two", AccountEmail="boto+one@example.jp"))["RecordDetail"]
    end = record_of(made["RecordId"])["RecordDetail"]
    assert end["Status"] == "FAILED" and "email" in end["RecordErrors"][0]["Description"].lower(), end
    assert client.describe_provisioned_product(Name="boto-two")["ProvisionedProductDetail"]["Status"] == "ERROR"


def lifecycle_event():
    """sqs: the lifecycle event of the vended account arrives, and is gone after it is deleted"""
    sqs = rankan()("sqs")
    wanted = None
    for _ in range(20):
        for message in sqs.receive_message(QueueUrl=state["queue"], MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", []):
            event = json.loads(message["Body"])
            status = event["detail"].get("serviceEventDetails", {}).get("createManagedAccountStatus", {})
            if status.get("account", {}).get("accountId") == state["vended"]:
                wanted = event
            sqs.delete_message(QueueUrl=state["queue"], ReceiptHandle=message["ReceiptHandle"])
        if wanted:
            break
    assert wanted, "no CreateManagedAccount event in 20 polls"
    assert wanted["source"] == "aws.controltower" and wanted["detail-type"] == "AWS Service Event via CloudTrail"
    assert wanted["detail"]["eventName"] == "CreateManagedAccount"
    assert wanted["detail"]["serviceEventDetails"]["createManagedAccountStatus"]["state"] == "SUCCEEDED"


def identity():
    """identitystore: users, groups and memberships; a second of the same name is a conflict"""
    sso, store = rankan()("sso-admin"), rankan()("identitystore")
    instance = sso.list_instances()["Instances"][0]
    state["instance"] = instance["InstanceArn"]
    where = {"IdentityStoreId": instance["IdentityStoreId"]}
    group = store.create_group(**where, DisplayName="boto", Description="d")["GroupId"]
    state["group"] = group
    refused("ConflictException", store.create_group, **where, DisplayName="boto")
    person = {"UserName": "boto", "DisplayName": "山田 花子", "Name": {"GivenName": "花子", "FamilyName": "山田"}}
    user = store.create_user(**where, **person, Emails=[{"Value": "boto@example.jp", "Primary": True}])["UserId"]
    store.create_group_membership(**where, GroupId=group, MemberId={"UserId": user})
    refused("ConflictException", store.create_group_membership, **where, GroupId=group, MemberId={"UserId": user})
    unique = {"AttributePath": "displayName", "AttributeValue": "boto"}
    assert store.get_group_id(**where, AlternateIdentifier={"UniqueAttribute": unique})["GroupId"] == group
    members = store.list_group_memberships(**where, GroupId=group)["GroupMemberships"]
    assert [m["MemberId"]["UserId"] for m in members] == [user]
    unique["AttributeValue"] = "absent"
    refused("ResourceNotFoundException", store.get_group_id, **where, AlternateIdentifier={"UniqueAttribute": unique})


def assignment():
    """sso-admin: a permission set is assigned asynchronously, once"""
    sso = rankan()("sso-admin")
    made = sso.create_permission_set(InstanceArn=state["instance"], Name="Boto", SessionDuration="PT1H")["PermissionSet"]
    refused("ConflictException", sso.create_permission_set, InstanceArn=state["instance"], Name="Boto")
    sso.attach_managed_policy_to_permission_set(
        InstanceArn=state["instance"], PermissionSetArn=made["PermissionSetArn"],
        ManagedPolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess",
    )
    target = {
        "InstanceArn": state["instance"], "TargetId": state["vended"], "TargetType": "AWS_ACCOUNT",
        "PermissionSetArn": made["PermissionSetArn"], "PrincipalType": "GROUP", "PrincipalId": state["group"],
    }
    status = sso.create_account_assignment(**target)["AccountAssignmentCreationStatus"]
    assert status["Status"] == "IN_PROGRESS"

    def done():
        now = sso.describe_account_assignment_creation_status(
            InstanceArn=state["instance"], AccountAssignmentCreationRequestId=status["RequestId"]
        )["AccountAssignmentCreationStatus"]
        return now if now["Status"] != "IN_PROGRESS" else None

    end = control.until(done, minutes=1)
    assert end["Status"] == "SUCCEEDED", end
    listed = sso.list_account_assignments(
        InstanceArn=state["instance"], AccountId=state["vended"], PermissionSetArn=made["PermissionSetArn"]
    )["AccountAssignments"]
    assert [a["PrincipalId"] for a in listed] == [state["group"]]


def contacts():
    """account: alternate contacts of a member are put and read; none is ResourceNotFoundException"""
    client = rankan()("account")
    where = {"AccountId": state["vended"], "AlternateContactType": "SECURITY"}
    refused("ResourceNotFoundException", client.get_alternate_contact, **where)
    contact = {"Name": "Desk", "Title": "Security", "EmailAddress": "s@example.jp", "PhoneNumber": "+81-3-0000-0000"}
    client.put_alternate_contact(**where, **contact)
    read = client.get_alternate_contact(**where)["AlternateContact"]
    assert read == {**contact, "AlternateContactType": "SECURITY"}, read
    refused("ValidationException", client.put_alternate_contact, **where, **{**contact, "EmailAddress": "no-address"})
    client.put_account_name(AccountId=state["vended"], AccountName="Boto renamed")
    named = rankan()("organizations").describe_account(AccountId=state["vended"])["Account"]["Name"]
    assert named == "Boto renamed", named


def support():
    """support: a case is opened and found"""
    client = rankan()("support")
    made = client.create_case(subject="Enterprise Support", communicationBody="Please", serviceCode="customer-account", categoryCode="other-account-issues")
    found = client.describe_cases(caseIdList=[made["caseId"]])["cases"]
    assert [c["subject"] for c in found] == ["Enterprise Support"]
    refused("CaseIdNotFound", client.describe_cases, caseIdList=["case-000000000000-muen-2026-absent"])


def budgets():
    """budgets: a budget with a notification is made once"""
    client = rankan()("budgets")
    payer = tower["managementAccountId"]
    budget = {
        "BudgetName": "boto", "BudgetType": "COST", "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": "100", "Unit": "USD"}, "CostFilters": {"LinkedAccount": [state["vended"]]},
    }
    notification = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}
    subscribed = [{"Notification": notification, "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "b@example.jp"}]}]
    client.create_budget(AccountId=payer, Budget=budget, NotificationsWithSubscribers=subscribed)
    refused("DuplicateRecordException", client.create_budget, AccountId=payer, Budget=budget)
    read = client.describe_budget(AccountId=payer, BudgetName="boto")["Budget"]
    assert float(read["BudgetLimit"]["Amount"]) == 100 and read["CostFilters"]["LinkedAccount"] == [state["vended"]]
    client.delete_budget(AccountId=payer, BudgetName="boto")
    refused("NotFoundException", client.describe_budget, AccountId=payer, BudgetName="boto")


def quotas():
    """service-quotas: a quota that does not exist is NoSuchResourceException"""
    refused("NoSuchResourceException", rankan()("service-quotas").get_service_quota, ServiceCode="organizations", QuotaCode="L-00000000")


def throttle():
    """faults: a throttled call is a ThrottlingException that botocore would retry"""
    rule = control.ask("POST", "faults", {"service": "organizations", "operation": "DescribeAccount", "times": 1, "fault": {"do": "throttle"}})
    body = refused(("TooManyRequestsException", "ThrottlingException"), admin("organizations").describe_account, AccountId=state["vended"])
    assert body["ResponseMetadata"]["HTTPStatusCode"] in (400, 429)
    admin("organizations").describe_account(AccountId=state["vended"])
    control.ask("DELETE", f"faults/{rule['id']}")


def terminate_then_close():
    """closing: the product is terminated, then the account closes, and closes only once"""
    client, own = rankan()("servicecatalog"), rankan()("organizations")
    made = client.terminate_provisioned_product(ProvisionedProductId=state["product"], TerminateToken="boto-end")["RecordDetail"]
    assert record_of(made["RecordId"])["RecordDetail"]["Status"] == "SUCCEEDED"
    refused("ResourceNotFoundException", client.describe_provisioned_product, Name="boto-one")
    own.close_account(AccountId=state["vended"])

    def closed():
        account = own.describe_account(AccountId=state["vended"])["Account"]
        return account if account.get("State", account["Status"]) == "SUSPENDED" else None

    control.until(closed)
    refused("AccountAlreadyClosedException", own.close_account, AccountId=state["vended"])


CHECKS = [
    sts_identity, sts_assume, sts_unknown_role, wrong_secret, unknown_key, undeclared_action,
    organization, organization_paging, organization_validation, organization_exceptions, organization_ous,
    create_account, create_account_twice, move_account, tags, policies, handshake,
    landing_zone, enabled_baselines, register_ou, control_tower_validation, delivery,
    factory_product, factory_no_path, factory_validation, factory_provision, factory_enrolled, factory_email_taken,
    lifecycle_event, identity, assignment, contacts, support, budgets, quotas, throttle, terminate_then_close,
]

if __name__ == "__main__":
    run(CHECKS)
