package rules

import (
	"fmt"
	"reflect"
)

// describeType names a type of an expression for people.
func describeType(t reflect.Type) string {
	if t == nil {
		return "unknown"
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t {
	case reflect.TypeFor[site](), reflect.TypeFor[siteEnv]():
		return "SIP connection"
	case reflect.TypeFor[customerEnv]():
		return "customer"
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return "whole number"
	case reflect.Float64:
		return "number"
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return fmt.Sprintf("list of %ss", describeType(t.Elem()))
	}
	return "unknown type"
}
