package io.fkvs.store;

/**
 * Batches of keys over the shards of a {@link ConcurrentStore}.
 *
 * <p>Taking a lock ends with waiting for all that was read before. So who goes from lock to lock
 * and reads under each waits for the cache misses of one shard after the other. Here the misses of
 * all keys overlap: first the tables are looked ahead in, under no lock ({@link LookAhead}), and
 * then the locks are taken one after the other, for what has come near by then.
 *
 * <p>What was found ahead holds if nobody else has had the lock since before the table was read:
 * that is, if the shard's {@linkplain Shard#version version} has gone up by one, when the lock was
 * taken for the answers. Otherwise the key is searched for again.
 *
 * <p>Any thread.
 */
final class ShardBatches {
  private final Shard[] shards;
  private final ReadSections sections;
  private final Visits visits;

  /** What looks ahead in each shard, or null where nothing does. */
  private final LookAhead[] tables;

  /**
   * @param shards the shards, all of them with tables of one kind
   */
  ShardBatches(Shard[] shards, ReadSections sections, Visits visits) {
    this.shards = shards;
    this.sections = sections;
    this.visits = visits;
    LookAhead[] all = new LookAhead[shards.length];
    boolean isAny = true;
    for (int i = 0; i < all.length; i++) {
      all[i] = shards[i].lookAhead();
      isAny &= all[i] != null;
    }
    tables = isAny ? all : null;
  }

  /** Looks up keys whose shards are noted, shard by shard. */
  void get(KeyBatch keys, BatchVisitor visitor) {
    KeyGroups groups = keys.groups();
    int count = keys.count();
    int ahead = 0;
    if (count <= KeyGroups.AHEAD_KEYS) {
      groups.inOwnOrder(count);
      ahead = lookAhead(keys, 0, false);
    }
    groups.sort(count, shards.length);
    visits.begin();
    try {
      for (int from = 0; from < count; ) {
        int shard = groups.shards[groups.order[from]];
        int end = groups.end(shard);
        if (end > ahead) {
          ahead = lookAhead(keys, from, false);
        }
        shards[shard].get(keys, groups, from, end, visitor);
        from = end;
      }
    } finally {
      groups.view.forget();
      visits.end();
    }
  }

  /** Looks ahead for keys whose shards are noted, and that may be put. */
  void prefetch(KeyBatch keys) {
    keys.groups().inOwnOrder(keys.count());
    for (int from = 0; from < keys.count(); ) {
      from = lookAhead(keys, from, true);
    }
  }

  /** Looks ahead for some keys in their order, from a number on; answers that of the next one. */
  private int lookAhead(KeyBatch keys, int from, boolean forPut) {
    KeyGroups groups = keys.groups();
    int to = Math.min(keys.count(), from + KeyGroups.AHEAD_KEYS);
    int section = to - from <= 1 || tables == null ? ReadSections.NONE : sections.enter();
    if (section == ReadSections.NONE) {
      groups.forgetPlaces(from, to);
      return to;
    }
    try {
      for (int i = from; i < to; i++) {
        int index = groups.order[i];
        groups.versions[index] = shards[groups.shards[index]].version();
      }
      tables[0].search(tables, keys, groups.shards, groups.order, from, to, forPut, groups.places);
    } finally {
      sections.leave(section);
    }
    return to;
  }
}
