package rules

import (
	_ "embed" // for the schema
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema of rule files, for editors.
func Schema() []byte { return slices.Clone(schema) }
