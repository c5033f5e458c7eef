package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
)

// Runs the program of this folder as Pulumi's Go language host would: STACK COMMAND ARGUMENTS is a command
// of Pulumi's Automation API, up or preview, with arguments of it in JSON. It is a test's main function, for
// only a test can call what stands in another package main.
func TestMain(*testing.M) {
	if err := drive(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func drive(stackName, command, arguments string) error {
	var given struct {
		Diff   bool
		Plan   string
		Target []string
	}
	if err := json.Unmarshal([]byte(arguments), &given); err != nil {
		return err
	}
	ctx := context.Background()
	workspace, err := auto.NewLocalWorkspace(ctx, auto.WorkDir("."), auto.Program(program))
	if err != nil {
		return err
	}
	stack, err := auto.SelectStack(ctx, stackName, workspace)
	if err != nil {
		return err
	}
	if command == "preview" {
		options := []optpreview.Option{optpreview.ProgressStreams(os.Stdout), optpreview.Plan(given.Plan), optpreview.Target(given.Target)}
		if given.Diff {
			options = append(options, optpreview.Diff())
		}
		_, err = stack.Preview(ctx, options...)
		return err
	}
	_, err = stack.Up(ctx, optup.ProgressStreams(os.Stdout), optup.Plan(given.Plan), optup.Target(given.Target))
	return err
}
