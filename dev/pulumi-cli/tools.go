//go:build tools

// Package tools pins the Pulumi CLI: go.mod and go.sum fix its version and every source it is built
// from. The build tag keeps this file out of any build; see build.ts for the command.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
