#include "orchestrator/views/sink.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>

namespace sitewide {
namespace {

using std::chrono::milliseconds;

std::string read_all(int fd) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count = read(fd, buffer.data(), buffer.size());
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe2(ends_.data(), O_CLOEXEC), 0); }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_reader() { close_end(0); }
  void close_writer() { close_end(1); }

 private:
  void close_end(std::size_t end) {
    if (ends_[end] >= 0) close(ends_[end]);
    ends_[end] = -1;
  }
  std::array<int, 2> ends_{-1, -1};
};

TEST(FdSink, FullPipe_RefusesInsteadOfWaiting) {
  Pipe pipe;
  const auto sink = make_fd_sink(pipe.writer(), 1000);
  const auto begun = std::chrono::steady_clock::now();
  const std::string kilobyte(1024, 'x');
  int taken = 0;
  while (taken < 1000 && sink->write(kilobyte)) ++taken;
  EXPECT_LT(taken, 1000);
  EXPECT_GE(taken, 64);  // a pipe's own buffer
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
  EXPECT_EQ(fcntl(pipe.writer(), F_GETFL) & O_NONBLOCK, 0)
      << "the caller's descriptor keeps its mode";
}

TEST(FdSink, SlowReader_GetsAllThatWasTakenInOrder) {
  Pipe pipe;
  std::string sent;
  {
    const auto sink = make_fd_sink(pipe.writer(), 1024 * 1024);
    for (int i = 0; i < 20'000; ++i) {
      const std::string line = "line " + std::to_string(i) + "\n";
      if (!sink->write(line)) break;
      sent += line;
    }
    ASSERT_GT(sent.size(), 65536U);
    std::string got;
    while (got.size() < sent.size()) {
      std::array<char, 32768> buffer{};
      const ssize_t count = read(pipe.reader(), buffer.data(), buffer.size());
      ASSERT_GT(count, 0);
      got.append(buffer.data(), static_cast<std::size_t>(count));
      sink->drain(milliseconds(1));
    }
    EXPECT_EQ(got, sent);
  }
}

TEST(FdSink, ReaderGone_TakesEverythingAndRaisesNoSignal) {
  Pipe pipe;
  const auto sink = make_fd_sink(pipe.writer(), 1000);
  pipe.close_reader();
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(sink->write(std::string(1024, 'x')));
}

TEST(FdSink, Socket_WorksWithoutBeingOpenedAnew) {
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  {
    const auto sink = make_fd_sink(ends[1], 1000);
    EXPECT_TRUE(sink->write("hello\n"));
  }
  close(ends[1]);
  EXPECT_EQ(read_all(ends[0]), "hello\n");
  close(ends[0]);
}

TEST(FdSink, File_IsAppendedTo) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  const int fd = fileno(file);
  ASSERT_EQ(::write(fd, "before\n", 7), 7);
  const auto sink = make_fd_sink(fd);
  EXPECT_TRUE(sink->write("after\n"));
  ASSERT_EQ(lseek(fd, 0, SEEK_SET), 0);
  EXPECT_EQ(read_all(fd), "before\nafter\n");
  std::fclose(file);
}

TEST(FdSink, ClosedDescriptor_IsNoError) {
  const auto sink = make_fd_sink(-1);
  EXPECT_TRUE(sink->write("x"));
}

}  // namespace
}  // namespace sitewide
