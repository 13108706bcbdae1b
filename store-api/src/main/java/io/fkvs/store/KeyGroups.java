package io.fkvs.store;

import java.util.Arrays;

/**
 * What a {@link ConcurrentStore} notes about the keys of a batch: the shard of each, their order by
 * shard, and what was found for some of them by looking ahead. It lies in the batch, because a
 * batch has one user at a time, and so nothing is allocated for a call.
 */
final class KeyGroups {
  /** For so many keys is looked ahead at once: some more misses than a core can have under way. */
  static final int AHEAD_KEYS = 64;

  /** The shard of each key. */
  final int[] shards;

  /** The indexes of the keys, in the order in which they are looked for. */
  final int[] order;

  /** For each shard, where its next key goes in the order; and then where its keys end. */
  private int[] ends = {};

  /** The place where each key probably is. */
  final long[] places;

  /** What the version of each key's shard was before its place was looked for. */
  final long[] versions;

  /** Shows the values. */
  final ValueView view = new ValueView();

  KeyGroups(int capacity) {
    shards = new int[capacity];
    order = new int[capacity];
    places = new long[capacity];
    versions = new long[capacity];
  }

  /** Notes that nobody knows where the keys with some numbers are. */
  void forgetPlaces(int from, int to) {
    for (int i = from; i < to; i++) {
      places[order[i]] = LookAhead.NOWHERE;
    }
  }

  /** Leaves so many keys in their own order. */
  void inOwnOrder(int count) {
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
  }

  /** Orders so many keys by shard; those of one shard stay in their order. */
  void sort(int count, int shardCount) {
    if (ends.length <= shardCount) {
      ends = new int[shardCount + 1];
    }
    int[] ends = this.ends;
    Arrays.fill(ends, 0, shardCount + 1, 0);
    for (int i = 0; i < count; i++) {
      ends[shards[i] + 1]++;
    }
    for (int shard = 1; shard < shardCount; shard++) {
      ends[shard] += ends[shard - 1];
    }
    for (int i = 0; i < count; i++) {
      order[ends[shards[i]]++] = i;
    }
  }

  /** Where the keys of a shard end in the order. */
  int end(int shard) {
    return ends[shard];
  }
}
