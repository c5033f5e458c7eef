//go:build tools

// Package tools pins the YAML language host, and the SDK that programs in Go use: go.mod and go.sum fix
// their versions and every source they are built from. The build tag keeps this file out of any build.
package tools

import (
	_ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"
	_ "github.com/pulumi/pulumi/sdk/v3/go/auto"
	_ "github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)
