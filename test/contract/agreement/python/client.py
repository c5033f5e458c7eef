"""Microsoft's client in Python: reads a call a line, writes what came of it, a line each."""

import json
import os
import sys

from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.mgmt.batch import BatchManagementClient

url, group = os.environ["SIMULATOR_URL"], os.environ["RESOURCE_GROUP"]
credential = ClientSecretCredential(
    os.environ["ARM_TENANT_ID"],
    os.environ["ARM_CLIENT_ID"],
    os.environ["ARM_CLIENT_SECRET"],
    authority=url,
    disable_instance_discovery=True,
)
client = BatchManagementClient(
    credential,
    os.environ["ARM_SUBSCRIPTION_ID"],
    base_url=url,
    credential_scopes=[url + "/.default"],
    retry_total=0,
).batch_account


def keys(answer):
    return {"Primary": answer.primary, "Secondary": answer.secondary}


def names(accounts):
    return [{"id": account.id, "tags": account.tags} for account in accounts]


def make(call):
    operation = call["operation"]
    if operation == "list":
        return names(client.list())
    if operation == "listByResourceGroup":
        return names(client.list_by_resource_group(call["resourceGroupName"]))
    account = (group, call["accountName"])
    if operation == "listKeys":
        return keys(client.get_keys(*account))
    if operation == "regenerateKey":
        return keys(client.regenerate_key(*account, {"keyName": call["keyName"]}))
    found = client.get(*account)
    return {
        "accountName": found.name,
        "accountEndpoint": found.properties.account_endpoint,
        "allowedAuthenticationModes": list(found.properties.allowed_authentication_modes),
    }


for line in sys.stdin:
    try:
        outcome = {"result": make(json.loads(line))}
    except HttpResponseError as error:
        outcome = {"status": error.status_code, "code": error.error.code}
    print(json.dumps(outcome), flush=True)
