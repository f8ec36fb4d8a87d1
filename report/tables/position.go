package tables

import (
	"slices"

	"trueup/report"
	"trueup/report/cell"
)

// OfPosition shows a figure about the customers compared. Without any it is
// unknown where counts are missing, and empty where the license type has none.
func OfPosition(p *report.Position, v cell.Value) cell.Value {
	switch {
	case p.Compared > 0:
		return v
	case p.Unpaired > 0:
		return cell.Unknown()
	}
	return cell.Empty()
}

// TrueUp is what the overuse is worth; unknown without a price.
func TrueUp(p *report.Position) cell.Value { return OfPosition(p, moneyOrUnknown(p.TrueUp)) }

// Unused is what the surplus is worth; unknown without a price.
func Unused(p *report.Position) cell.Value { return OfPosition(p, moneyOrUnknown(p.Unused)) }

// FirstFinding is the row of a rule's first finding, waived ones included.
func FirstFinding(r *report.Report, rule int) Target {
	at := slices.IndexFunc(r.Findings, func(f report.Finding) bool { return f.Rule == rule })
	return Target{SheetFindings, at, at >= 0}
}
