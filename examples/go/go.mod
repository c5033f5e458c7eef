module batch-key-go

go 1.25.11

require (
	github.com/example-owner/pulumi-azure-batch-key-rotation/sdk/go v0.1.0
	github.com/pulumi/pulumi/sdk/v3 v3.259.0
)
