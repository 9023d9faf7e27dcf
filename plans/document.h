// Document: a YAML file as a tree with places, and everything that is refused before its meaning is
// looked at. The only file that includes yaml-cpp is document.cpp. Pure; the same bytes give the
// same tree and the same problems.
//
// It refuses what people do not expect of YAML or what was measured to be dangerous: anchors,
// aliases, tags, merge keys, further documents, duplicate keys, keys that are not plain text,
// control and bidirectional characters, and too much.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "orchestrator/core/plan.h"
#include "orchestrator/core/problem.h"

namespace sitewide {

inline constexpr std::size_t kDocumentBytes = 1 << 20;
inline constexpr std::size_t kDocumentDepth = 32;
inline constexpr std::size_t kDocumentNodes = 200'000;

struct Entry;

/// A value of the document.
struct Node {
  /// `refused`: a problem was reported for it already; whoever reads it stays silent.
  enum class Kind : std::uint8_t { null, scalar, list, map, refused };
  Kind kind = Kind::null;
  Place place;                 ///< of a scalar: as long as it is written, quotes included
  std::string text;            ///< scalar: as YAML reads it, never converted further
  bool quoted = false;         ///< scalar: in quotes or as a block, so text for every YAML reader
  std::vector<Node> items;     ///< list
  std::vector<Entry> entries;  ///< map, in the order of the file; no key twice

  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_list() const { return kind == Kind::list; }
  bool is_map() const { return kind == Kind::map; }
  /// The value of `key`, or null when this is no map or has no such key.
  const Node* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Place place;  ///< of the key
  Node value;
};

/// `complete` is false when reading stopped half-way: then the tree says nothing about what is
/// missing.
struct Document {
  Node root;
  Problems problems;
  bool complete = true;
};

/// Reads `bytes`; `source` goes into each Place. Ends quickly for any bytes.
Document parse_document(std::string_view bytes, std::uint16_t source = 0);

}  // namespace sitewide
