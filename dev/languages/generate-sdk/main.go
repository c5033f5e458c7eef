// generate-sdk reads a package's schema from standard input and writes the SDKs that Pulumi's own
// generators make of it: <folder>/nodejs, <folder>/python and <folder>/go.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// tool is how the generated files name what made them.
const tool = "npm run sdk"

type files = map[string][]byte

func main() {
	if len(os.Args) != 2 {
		exit(fmt.Errorf("usage: generate-sdk <folder> < schema.json"))
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		exit(err)
	}
	if err := generate(text, os.Args[1]); err != nil {
		exit(err)
	}
}

func generate(text []byte, folder string) error {
	// No loader: the schema refers to no other package.
	languages := map[string]func(*schema.Package) (files, error){
		"nodejs": func(pkg *schema.Package) (files, error) {
			return nodejs.GeneratePackage(tool, pkg, nil, nil, false, nil)
		},
		"python": func(pkg *schema.Package) (files, error) {
			return python.GeneratePackage(tool, pkg, nil, nil)
		},
		"go": func(pkg *schema.Package) (files, error) {
			return golang.GeneratePackage(tool, pkg, nil)
		},
	}
	for language, generator := range languages {
		// Bound anew for each: a generator leaves its own notes in the package.
		pkg, err := bind(text)
		if err != nil {
			return err
		}
		generated, err := generator(pkg)
		if err != nil {
			return fmt.Errorf("%s: %w", language, err)
		}
		for name, content := range generated {
			if err := write(filepath.Join(folder, language, name), content); err != nil {
				return err
			}
		}
	}
	return nil
}

func bind(text []byte) (*schema.Package, error) {
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	pkg, diagnostics, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	// A warning too: the schema is ours, and a generator might leave out what it warns of.
	if len(diagnostics) > 0 {
		return nil, diagnostics
	}
	return pkg, nil
}

func write(file string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}

func exit(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
