"""Rotates the keys of one Azure Batch account in each of two tenants, with credentials for each."""

import pulumi
from pulumi_azure_batch_key_rotation import BatchAccountKeyRotation, Provider

for tenant in ("contoso", "fabrikam"):
    # pulumi config set contoso:tenantId …, and so on
    config = pulumi.Config(tenant)

    provider = Provider(
        tenant,
        tenant_id=config.require("tenantId"),
        client_id=config.require("clientId"),
        client_secret=config.require_secret("clientSecret"),
        metadata_host=config.get("metadataHost"),  # for a cloud that is not Microsoft's own
    )

    rotation = BatchAccountKeyRotation(
        tenant,
        account_id=config.require("accountId"),
        version=config.get_int("keyVersion") or 1,
        rotate_after="P90D",
        opts=pulumi.ResourceOptions(provider=provider),
    )

    pulumi.export(f"{tenant}CurrentKey", rotation.current_key)
