#include "orchestrator/views/pane.h"

#include <algorithm>

namespace sitewide {
namespace {

constexpr std::size_t kEnd = SIZE_MAX / 2;

}  // namespace

bool Scroll::press(const Key& key, std::size_t page) {
  const std::size_t jump = page > 1 ? page - 1 : 1;  // a line of before stays in sight
  switch (key.kind) {
    case Key::Kind::up:
      first_ -= std::min<std::size_t>(first_, 1);
      return true;
    case Key::Kind::down:
      ++first_;
      return true;
    case Key::Kind::page_up:
      first_ -= std::min(first_, jump);
      return true;
    case Key::Kind::page_down:
      first_ += jump;
      return true;
    case Key::Kind::home:
      first_ = 0;
      return true;
    case Key::Kind::end:
      first_ = kEnd;
      return true;
    case Key::Kind::text:
    case Key::Kind::enter:
    case Key::Kind::escape:
    case Key::Kind::backspace:
    case Key::Kind::clear:
    case Key::Kind::redraw:
      return false;
  }
  return false;
}

std::size_t Scroll::first(std::size_t all, std::size_t page) {
  first_ = std::min(first_, all > page ? all - page : 0);
  return first_;
}

}  // namespace sitewide
