package tables

import (
	"trueup/report"
	"trueup/report/cell"
)

// OfPosition shows a figure about the customers compared.
func OfPosition(p *report.Position, v cell.Value) cell.Value { return ofPosition(p, v) }

// TrueUp is what the overuse is worth; unknown without a price.
func TrueUp(p *report.Position) cell.Value { return ofPosition(p, moneyOrUnknown(p.TrueUp)) }

// Unused is what the surplus is worth; unknown without a price.
func Unused(p *report.Position) cell.Value { return ofPosition(p, moneyOrUnknown(p.Unused)) }
