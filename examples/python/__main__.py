"""Rotates the keys of one Azure Batch account, by version and on a schedule."""

import pulumi
from pulumi_azure_batch_key_rotation import BatchAccountKeyRotation, KeyName, get_batch_accounts

config = pulumi.Config()

rotation = BatchAccountKeyRotation(
    "keys",
    account_id=config.require("accountId"),  # ARM id of the Batch account
    live_key=KeyName.PRIMARY,  # the key that your applications hold today
    version=config.get_int("keyVersion") or 1,  # a larger number rotates at the next up
    rotate_after="P90D",  # and so does the first up after 90 days
    previewing=pulumi.runtime.is_dry_run(),  # for pulumi up --plan
)

pulumi.export("currentKey", rotation.current_key)  # a secret: the key to use from now on
pulumi.export("currentKeyName", rotation.current_key_name)
pulumi.export("nextRotationAt", rotation.next_rotation_at)

# What else could be rotated: the subscription's accounts.
pulumi.export("accounts", [account.name for account in get_batch_accounts().accounts])
