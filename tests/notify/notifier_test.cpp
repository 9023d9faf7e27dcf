// The notifier: what was journaled is told, once or more, in order, and nothing holds it up for
// others.
#include "orchestrator/notify/notifier.h"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <fstream>

#include "tests/adapters/temporary_folder.h"
#include "tests/views/story.h"

namespace sitewide {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class NotifierTest : public ::testing::Test {
 protected:
  NotifierTest() {
    options_.first_wait = 1ms;
    options_.slowest = 4ms;
    for (int i = 0; i < 2; ++i) {
      NotifyTarget target;
      target.kind = NotifyTarget::Kind::command;
      target.command = {"tell-" + std::to_string(i)};
      target.on = {Occasion::halt, Occasion::end};
      targets_.push_back(target);
    }
  }

  Notifier make(const std::vector<Notice>& past = {}) {
    NotifierParts parts{
        loop_.get_executor(), targets_, {"r-1.abc"}, folder_.path() / "notified", {}, {}, {}};
    parts.carry = [this](NotifyTarget target, Parcel parcel) {
      return carry(std::move(target), std::move(parcel));
    };
    parts.now = [this] { return now_; };
    parts.warn = [this](const std::string& text) { warnings_.push_back(text); };
    return Notifier(std::move(parts), NoticeFold(), past, options_);
  }
  boost::asio::awaitable<Delivery> carry(NotifyTarget target, Parcel parcel) {
    ++tries_;
    const std::size_t at = parcel.event.find("\"id\":\"") + 6;
    const std::string id = parcel.event.substr(at, parcel.event.find('"', at) - at);
    Delivery delivery;
    if (target.command.front() == broken_ && fails_ > 0) {
      --fails_;
      delivery.kind = answer_;
      delivery.why = "it answers 503";
    } else {
      delivery.kind = Delivery::Kind::delivered;
      told_.push_back(target.command.front() + " " + id);
    }
    co_return delivery;
  }
  void run_until_idle(const Notifier& notifier) {
    for (int i = 0; i < 2000 && !notifier.idle(); ++i) loop_.run_one_for(10ms);
    loop_.poll();
  }
  static Notice notice(std::int64_t seq, Timestamp at = {}) {
    Notice made;
    made.seq = seq;
    made.at = at;
    made.rollout = "r-1";
    made.what = "halted " + std::to_string(seq);
    return made;
  }

  test::TemporaryFolder folder_;
  boost::asio::io_context loop_;
  NotifierOptions options_;
  std::vector<NotifyTarget> targets_;
  Timestamp now_{};
  std::vector<std::string> told_;
  std::vector<std::string> warnings_;
  std::string broken_ = "tell-0";
  int fails_ = 0;
  int tries_ = 0;
  Delivery::Kind answer_ = Delivery::Kind::failed;
};

TEST_F(NotifierTest, EveryReceiver_IsToldInOrder) {
  const Notifier notifier = make({notice(3), notice(7)});
  run_until_idle(notifier);
  EXPECT_THAT(told_, ::testing::UnorderedElementsAre("tell-0 r-1/3", "tell-0 r-1/7", "tell-1 r-1/3",
                                                     "tell-1 r-1/7"));
  EXPECT_LT(std::find(told_.begin(), told_.end(), "tell-0 r-1/3"),
            std::find(told_.begin(), told_.end(), "tell-0 r-1/7"));
}

TEST_F(NotifierTest, WhatHappensLater_IsTold) {
  Notifier notifier = make();
  loop_.poll();
  Story story;
  story.tell(Paused{});
  notifier.report(story.events, story.rollout);
  run_until_idle(notifier);
  EXPECT_THAT(told_, SizeIs(2));
}

TEST_F(NotifierTest, BrokenReceiver_IsTriedAgainAndHoldsUpNoOther) {
  fails_ = 5;
  const Notifier notifier = make({notice(3)});
  loop_.poll();
  EXPECT_THAT(told_, ElementsAre("tell-1 r-1/3"));
  run_until_idle(notifier);
  EXPECT_THAT(told_, ElementsAre("tell-1 r-1/3", "tell-0 r-1/3"));
  EXPECT_EQ(tries_, 7);
  ASSERT_THAT(warnings_, SizeIs(1));
  EXPECT_EQ(warnings_.front(),
            "not notified yet: `halted 3` to command tell-0: it answers 503; it is tried again");
}

TEST_F(NotifierTest, RefusedNotification_IsGivenUpAndTheNextIsTold) {
  fails_ = 1;
  answer_ = Delivery::Kind::refused;
  const Notifier notifier = make({notice(3), notice(7)});
  run_until_idle(notifier);
  EXPECT_THAT(told_, ::testing::Contains("tell-0 r-1/7"));
  EXPECT_THAT(told_, ::testing::Not(::testing::Contains("tell-0 r-1/3")));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("it is not tried again")));
}

TEST_F(NotifierTest, TooOldNotification_IsGivenUp) {
  fails_ = 1000;
  now_ = Timestamp() + options_.give_up_after + 1h;
  const Notifier notifier = make({notice(3)});
  run_until_idle(notifier);
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("given up after")));
  EXPECT_TRUE(notifier.idle());
}

TEST_F(NotifierTest, NextController_TellsWhatWasNotTaken) {
  fails_ = 1;
  options_.first_wait = 1h;
  {
    const Notifier first = make({notice(3)});
    loop_.run_for(20ms);
    EXPECT_THAT(first.undelivered(), ElementsAre("`halted 3` to command tell-0 (it answers 503)"));
    EXPECT_THAT(told_, ElementsAre("tell-1 r-1/3"));
  }
  told_.clear();
  const Notifier next = make({notice(3)});
  run_until_idle(next);
  EXPECT_THAT(told_, ElementsAre("tell-0 r-1/3"));
}

TEST_F(NotifierTest, DamagedMarks_TellAgainRatherThanNever) {
  {
    const Notifier first = make({notice(3)});
    run_until_idle(first);
  }
  told_.clear();
  std::ofstream(folder_.path() / "notified") << "sitewide notified 1\n9\nx\n";
  const Notifier next = make({notice(3)});
  run_until_idle(next);
  EXPECT_THAT(told_, SizeIs(2));
}

TEST_F(NotifierTest, UnwritableMarks_WarnOnceAndTellAll) {
  std::filesystem::create_directory(folder_.path() / "notified");
  const Notifier notifier = make({notice(3), notice(7)});
  run_until_idle(notifier);
  EXPECT_THAT(told_, SizeIs(4));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("may be sent again by a resume")));
}

TEST_F(NotifierTest, FullQueue_GivesUpTheOldest) {
  options_.most_waiting = 3;
  options_.first_wait = 1h;
  fails_ = 1000;
  std::vector<Notice> many;
  for (int seq = 1; seq <= 5; ++seq) many.push_back(notice(seq));
  const Notifier notifier = make(many);
  loop_.run_for(10ms);
  EXPECT_THAT(notifier.undelivered(), SizeIs(3));
  EXPECT_THAT(warnings_, ::testing::Contains(HasSubstr("`halted 1` to command tell-0: too many")));
}

TEST_F(NotifierTest, ReceiverThatDoesNotListen_IsNotTold) {
  targets_[0].on = {Occasion::start};
  const Notifier notifier = make({notice(3)});
  run_until_idle(notifier);
  EXPECT_THAT(told_, ElementsAre("tell-1 r-1/3"));
}

TEST(Marks, Set_IsReadByTheNext) {
  test::TemporaryFolder folder;
  const auto file = folder.path() / "notified";
  Marks marks(file, 2);
  EXPECT_EQ(marks.of(1), 0);
  ASSERT_TRUE(marks.set(1, 42));
  EXPECT_EQ(Marks(file, 2).of(1), 42);
  EXPECT_EQ(Marks(file, 2).of(0), 0);
  EXPECT_EQ(Marks(file, 3).of(1), 0) << "of another plan";
}

}  // namespace
}  // namespace sitewide
