// The keys of maintenance windows.
#include "plans/keys.h"

namespace sitewide {
namespace {

constexpr Key kZoneKeys[] = {
    {.name = "label",
     .scalar = Scalar::label_key,
     .required = true,
     .description = "The label that holds each client's own IANA time zone."},
};
constexpr Section kZone = {
    "zone", "A window that opens by each client's own clock.", kZoneKeys, {}};

constexpr Key kWindowKeys[] = {
    {.name = "days",
     .scalar = Scalar::days,
     .fallback = "\"daily\"",
     .description = "Days on which the window opens."},
    {.name = "start",
     .scalar = Scalar::clock,
     .required = true,
     .description = "When it opens, in the zone's own time."},
    {.name = "for",
     .scalar = Scalar::positive_duration,
     .required = true,
     .description = "How long it stays open; at most 7d."},
    {.name = "zone",
     .form = Form::scalar_or_section,
     .scalar = Scalar::zone,
     .section = &kZone,
     .fallback = "\"UTC\"",
     .description = "IANA time zone, or `{label: L}`: each client's own, which label L names."},
    {.name = "needs",
     .scalar = Scalar::duration,
     .fallback = "\"0s\"",
     .description = "Nothing starts when less than this is left."},
};

}  // namespace

const Section& window_section() {
  static const Section section = {"window", "When triggers and forces may start.", kWindowKeys, {}};
  return section;
}

}  // namespace sitewide
