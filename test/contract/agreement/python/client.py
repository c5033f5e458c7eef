"""Microsoft's clients in Python: reads a call a line, writes what came of it, a line each."""

import json
import os
import sys
from datetime import datetime, timezone

from azure.core.exceptions import HttpResponseError
from azure.identity import ClientSecretCredential
from azure.keyvault.secrets import SecretClient
from azure.mgmt.batch import BatchManagementClient

url, group = os.environ["SIMULATOR_URL"], os.environ["RESOURCE_GROUP"]
credential = ClientSecretCredential(
    os.environ["ARM_TENANT_ID"],
    os.environ["ARM_CLIENT_ID"],
    os.environ["ARM_CLIENT_SECRET"],
    authority=url,
    disable_instance_discovery=True,
)


class Accounts:
    """azure-mgmt-batch."""

    def __init__(self):
        self.client = BatchManagementClient(
            credential,
            os.environ["ARM_SUBSCRIPTION_ID"],
            base_url=url,
            credential_scopes=[url + "/.default"],
            retry_total=0,
        ).batch_account

    def make(self, call):
        operation = call["operation"]
        if operation == "list":
            return self.names(self.client.list())
        if operation == "listByResourceGroup":
            return self.names(self.client.list_by_resource_group(call["resourceGroupName"]))
        account = (group, call["accountName"])
        if operation == "listKeys":
            return self.keys(self.client.get_keys(*account))
        if operation == "regenerateKey":
            return self.keys(self.client.regenerate_key(*account, {"keyName": call["keyName"]}))
        found = self.client.get(*account)
        return {
            "accountName": found.name,
            "accountEndpoint": found.properties.account_endpoint,
            "allowedAuthenticationModes": list(found.properties.allowed_authentication_modes),
        }

    @staticmethod
    def keys(answer):
        return {"Primary": answer.primary, "Secondary": answer.secondary}

    @staticmethod
    def names(accounts):
        return [{"id": account.id, "tags": account.tags} for account in accounts]


class Secrets:
    """azure-keyvault-secrets."""

    def __init__(self):
        self.client = SecretClient(
            os.environ["VAULT_URL"], credential, verify_challenge_resource=False, retry_total=0
        )

    def make(self, call):
        return getattr(self, call["operation"])(call)

    def set(self, call):
        return self.secret(
            self.client.set_secret(call["name"], call["value"], **self.settings(call))
        )

    def get(self, call):
        return self.secret(self.client.get_secret(call["name"], call.get("version")))

    def update(self, call):
        return self.properties(
            self.client.update_secret_properties(
                call["name"], call.get("version"), **self.settings(call)
            )
        )

    def list(self, _):
        return [self.properties(each) for each in self.client.list_properties_of_secrets()]

    def listVersions(self, call):
        versions = self.client.list_properties_of_secret_versions(call["name"])
        return [self.properties(each) for each in versions]

    def listDeleted(self, _):
        return [each.name for each in self.client.list_deleted_secrets()]

    def delete(self, call):
        poller = self.client.begin_delete_secret(call["name"])
        poller.wait()
        return self.properties(poller.result().properties)

    def getDeleted(self, call):
        return self.properties(self.client.get_deleted_secret(call["name"]).properties)

    def recover(self, call):
        poller = self.client.begin_recover_deleted_secret(call["name"])
        poller.wait()
        return self.properties(poller.result())

    def purge(self, call):
        self.client.purge_deleted_secret(call["name"])

    @staticmethod
    def settings(call):
        settings = call["settings"]
        expires = settings.get("expires")
        return {
            "content_type": settings.get("contentType"),
            "enabled": settings.get("enabled"),
            "expires_on": expires and datetime.fromtimestamp(expires, timezone.utc),
            "tags": settings.get("tags"),
        }

    def secret(self, found):
        return {"value": found.value, **self.properties(found.properties)}

    @staticmethod
    def properties(found):
        return {
            "name": found.name,
            "version": found.version,
            "contentType": found.content_type,
            "enabled": found.enabled,
            "expires": found.expires_on and int(found.expires_on.timestamp()),
            "tags": found.tags,
        }


client = {"accounts": Accounts, "secrets": Secrets}[sys.argv[1]]()
for line in sys.stdin:
    try:
        outcome = {"result": client.make(json.loads(line))}
    except HttpResponseError as error:
        outcome = {"status": error.status_code, "code": error.error.code}
    print(json.dumps(outcome), flush=True)
