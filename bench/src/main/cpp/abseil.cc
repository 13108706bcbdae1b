// absl::flat_hash_map<std::string, std::string> behind a C interface, for the comparison of tables.
// With Abseil and a compiler installed (Debian: libabsl-dev, g++):
//
//   g++ -std=c++17 -O3 -march=native -DNDEBUG -fPIC -shared -o libabseil.so bench/src/main/cpp/abseil.cc \
//     $(pkg-config --cflags --libs absl_flat_hash_map)
//   FKVS_JMH_ABSEIL=$PWD/libabseil.so bin/fkvs-jmh -p table=swiss,abseil 'getHit$'
//
// Keys and values are copied in. Lookups take the caller's bytes as they are.

#include <cstdint>
#include <cstring>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

using Map = absl::flat_hash_map<std::string, std::string>;

extern "C" {

Map* fkvs_open() { return new Map(); }

void fkvs_close(Map* map) { delete map; }

int64_t fkvs_size(const Map* map) { return static_cast<int64_t>(map->size()); }

// An overwrite keeps the memory that the old value had, if the new one fits there.
void fkvs_put(Map* map, const char* key, int64_t key_length, const char* value,
              int64_t value_length) {
  auto found = map->try_emplace(absl::string_view(key, key_length), value, value_length);
  if (!found.second) {
    found.first->second.assign(value, value_length);
  }
}

// The first byte of the value, 0 to 255, or -1 if there is none.
int32_t fkvs_get(const Map* map, const char* key, int64_t key_length) {
  auto found = map->find(absl::string_view(key, key_length));
  return found == map->end() ? -1 : static_cast<unsigned char>(found->second[0]);
}

// Copies the value out, as much as there is room for, and says how long it is, or -1.
int64_t fkvs_copy(const Map* map, const char* key, int64_t key_length, char* target,
                  int64_t room) {
  auto found = map->find(absl::string_view(key, key_length));
  if (found == map->end()) {
    return -1;
  }
  int64_t length = static_cast<int64_t>(found->second.size());
  std::memcpy(target, found->second.data(), length < room ? length : room);
  return length;
}

int32_t fkvs_remove(Map* map, const char* key, int64_t key_length) {
  auto found = map->find(absl::string_view(key, key_length));
  if (found == map->end()) {
    return 0;
  }
  map->erase(found);
  return 1;
}

// Adds to a counter of 8 bytes; a missing one is 0.
int64_t fkvs_increment(Map* map, const char* key, int64_t key_length, int64_t amount) {
  auto found = map->try_emplace(absl::string_view(key, key_length), sizeof amount, '\0');
  int64_t sum;
  std::memcpy(&sum, found.first->second.data(), sizeof sum);
  sum += amount;
  std::memcpy(found.first->second.data(), &sum, sizeof sum);
  return sum;
}
}
