// The keys of a source of the inventory.
#include "plans/keys.h"

namespace sitewide {
namespace {

constexpr Key kInventoryKeys[] = {
    {.name = "file",
     .scalar = Scalar::path,
     .choice = true,
     .description = "A CSV file with the columns name, address, and labels."},
    {.name = "hosts",
     .form = Form::list,
     .scalar = Scalar::pattern,
     .choice = true,
     .description = "Names with ranges: pc[001-040].hq."},
    {.name = "labels",
     .form = Form::map,
     .scalar = Scalar::label_value,
     .description = "Labels of clients that have none of that name from the file."},
};
constexpr LaterKey kLaterInventory[] = {{"ansible", "write the clients to a CSV file"},
                                        {"command", "write its output to a CSV file"},
                                        {"ldap", "write the clients to a CSV file"}};

}  // namespace

const Section& inventory_section() {
  static const Section section = {"inventory source", "Where clients are listed.", kInventoryKeys,
                                  kLaterInventory};
  return section;
}

}  // namespace sitewide
