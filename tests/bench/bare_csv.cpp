// What it takes at least to read a CSV file into rows of cells that are kept: no checks, no names
// compared. Prints seconds and peak kilobytes. Usage: bare_csv FILE
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

int main(int count, char** words) {
  if (count != 2) return 2;
  const auto begin = std::chrono::steady_clock::now();
  std::ifstream in(words[1]);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    std::vector<std::string> cells;
    for (std::size_t from = 0; from <= line.size();) {
      const std::size_t end = std::min(line.find(',', from), line.size());
      cells.push_back(line.substr(from, end - from));
      from = end + 1;
    }
    rows.push_back(std::move(cells));
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%.3f %ld\n", taken.count(), usage.ru_maxrss);
  return rows.empty() ? 1 : 0;
}
