package formats

import (
	"trueup/fetch"
	"trueup/report"
)

// jsonUsage is one month of one customer's license history.
type jsonUsage struct {
	Customer        jsonCustomer      `json:"customer"`
	Month           string            `json:"month"`
	Peak            *int64            `json:"peak"`
	PeakDay         *string           `json:"peakDay"`
	Average         *float64          `json:"average"`
	Last            *int64            `json:"last"`
	Acquired        *int64            `json:"acquired"` // on the day of the peak
	Days            int               `json:"days"`     // with data
	DaysInMonth     int               `json:"daysInMonth"`
	Factors         map[string]*int64 `json:"factors"` // on the day of the peak
	FactorsSwitched bool              `json:"factorsSwitched"`
	Measured        bool              `json:"measured"`
	Forecast        *string           `json:"forecast"` // the month in which the licenses acquired now are reached
	NoForecast      string            `json:"noForecast,omitempty"`
}

func usageOf(r *report.Report, m *report.UsageMonth) jsonUsage {
	out := jsonUsage{Customer: customerOf(r, m.Customer), Month: m.Name(), Peak: m.Peak.Ptr(), Last: m.Last.Ptr(), Acquired: m.Acquired.Ptr(),
		Days: m.Days, DaysInMonth: m.DaysInMonth, Factors: map[string]*int64{}, FactorsSwitched: m.SwitchesChanged,
		Measured: m.Measured, NoForecast: m.Forecast.Reason}
	if m.Peak.Known() {
		out.PeakDay = optional(m.PeakDay.String())
	}
	if average, ok := m.Average(); ok {
		out.Average = &average
	}
	for i, factor := range fetch.Factors {
		out.Factors[factor.String()] = m.Split[i].Ptr()
	}
	if m.Forecast.Month != 0 {
		out.Forecast = optional(m.Forecast.Month.MonthName())
	}
	return out
}
