// Rotates the keys of one Azure Batch account, by version and on a schedule.
package main

import (
	"github.com/example-owner/pulumi-azure-batch-key-rotation/sdk/go/azurebatchkeyrotation"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(program)
}

func program(ctx *pulumi.Context) error {
	cfg := config.New(ctx, "")
	keyVersion := 1
	if cfg.Get("keyVersion") != "" {
		keyVersion = cfg.RequireInt("keyVersion") // a larger number rotates at the next up
	}

	rotation, err := azurebatchkeyrotation.NewBatchAccountKeyRotation(ctx, "keys", &azurebatchkeyrotation.BatchAccountKeyRotationArgs{
		AccountId:   pulumi.String(cfg.Require("accountId")), // ARM id of the Batch account
		LiveKey:     azurebatchkeyrotation.KeyNamePrimary,    // the key that your applications hold today
		Version:     pulumi.Int(keyVersion),
		RotateAfter: pulumi.String("P90D"),     // the first up after 90 days rotates, too
		Previewing:  pulumi.Bool(ctx.DryRun()), // for pulumi up --plan
	})
	if err != nil {
		return err
	}

	ctx.Export("currentKey", rotation.CurrentKey) // a secret: the key to use from now on
	ctx.Export("currentKeyName", rotation.CurrentKeyName)
	ctx.Export("nextRotationAt", rotation.NextRotationAt)

	// What else could be rotated: the subscription's accounts.
	listed := azurebatchkeyrotation.GetBatchAccountsOutput(ctx, azurebatchkeyrotation.GetBatchAccountsOutputArgs{})
	ctx.Export("accounts", listed.Accounts())
	return nil
}
