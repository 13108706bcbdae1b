// The outside yardstick of the table benchmarks: absl::flat_hash_map<std::string, std::string>.
//
//   g++ -std=c++17 -O3 -march=native absl_yardstick.cpp -o absl_yardstick \
//     $(pkg-config --cflags --libs absl_flat_hash_map absl_hash absl_strings)
//   ./absl_yardstick 1000000 16 32
//
// Keys are the numbers of KeyMaterial, made at the moment of the call, so that no array of keys
// competes with the table for the cache. Each line is the median of five rounds of a second.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace {

using Map = absl::flat_hash_map<std::string, std::string>;
using Clock = std::chrono::steady_clock;

uint64_t Word(uint64_t number, uint64_t index) {
  uint64_t mixed = (number + 1) * 0x9E3779B97F4A7C15u + index;
  mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9u;
  mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EBu;
  return mixed ^ mixed >> 31;
}

struct Run {
  uint64_t size;
  int key_length;
  std::string value;
  Map map;
  char key[256];
  uint64_t state = 88172645463325252u;

  uint64_t Next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<uint64_t>((static_cast<unsigned __int128>(state) * size) >> 64);
  }

  absl::string_view Key(uint64_t number) {
    for (int i = 0; i < key_length; i += 8) {
      uint64_t word = Word(number, i);
      std::memcpy(key + i, &word, 8);
    }
    return absl::string_view(key, key_length);
  }

  int Get(uint64_t number) {
    auto found = map.find(Key(number));
    return found == map.end() ? -1 : found->second[0];
  }

  void Put(uint64_t number) { map.insert_or_assign(std::string(Key(number)), value); }
};

template <typename Operation>
void Measure(const char* name, Operation operation) {
  std::vector<double> rounds;
  uint64_t sum = 0;
  for (int round = 0; round < 6; round++) {
    auto begin = Clock::now();
    uint64_t count = 0;
    double elapsed = 0;
    while (elapsed < 1e9) {
      for (int i = 0; i < 10000; i++) {
        sum += operation();
      }
      count += 10000;
      elapsed = std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
    }
    if (round > 0) {
      rounds.push_back(elapsed / count);
    }
  }
  std::sort(rounds.begin(), rounds.end());
  std::printf("%-14s %7.1f ns (%.1f to %.1f) %s\n", name, rounds[rounds.size() / 2], rounds.front(),
              rounds.back(), sum == 1 ? "!" : "");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: absl_yardstick SIZE KEY_BYTES VALUE_BYTES\n");
    return 2;
  }
  Run run;
  run.size = std::strtoull(argv[1], nullptr, 10);
  run.key_length = std::atoi(argv[2]);
  run.value = std::string(std::atoi(argv[3]), 'v');
  for (uint64_t i = 0; i < run.size; i++) {
    run.Put(i);
  }
  Measure("getHit", [&] { return run.Get(run.Next()); });
  Measure("getMiss", [&] { return run.Get(run.Next() + run.size); });
  Measure("putOverwrite", [&] {
    run.Put(run.Next());
    return 0;
  });
  Measure("putRemove", [&] {
    uint64_t number = run.Next() + run.size;
    run.Put(number);
    return static_cast<int>(run.map.erase(run.Key(number)));
  });
}
