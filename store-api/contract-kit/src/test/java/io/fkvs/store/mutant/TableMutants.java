package io.fkvs.store.mutant;

import io.fkvs.store.Store;
import io.fkvs.store.StoreConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Faults of structure, in the toy table. */
final class TableMutants {
  private TableMutants() {}

  static List<Mutant> all() {
    return List.of(
        segments(
            "a stale tombstone's place counts as empty and stops a probe early",
            slots ->
                new ToySegment(slots) {
                  @Override
                  void remove(int slot) {
                    mark(slot, EMPTY);
                  }
                }),
        segments(
            "the SWAR match borrows and takes a free slot behind a match for one",
            slots ->
                new ToySegment(slots) {
                  @Override
                  long match(long group, long controlByte) {
                    long zero = group ^ controlByte * 0x0101_0101_0101_0101L;
                    return (zero - 0x0101_0101_0101_0101L) & ~zero & 0x8080_8080_8080_8080L;
                  }
                }),
        segments(
            "the tag is taken for the whole key",
            slots ->
                new ToySegment(slots) {
                  @Override
                  int find(long hash, byte[] key) {
                    int group = home(hash);
                    long m = match(control[group], tag(hash));
                    return m != 0 ? slot(group, m) : super.find(hash, key);
                  }
                }),
        segments(
            "a probe looks at the first group only",
            slots ->
                new ToySegment(slots) {
                  @Override
                  int find(long hash, byte[] key) {
                    int slot = super.find(hash, key);
                    return slot / GROUP_SLOTS == home(hash) ? slot : -1;
                  }
                }),
        segments(
            "an update in place leaves the old deadline",
            slots ->
                new ToySegment(slots) {
                  @Override
                  void replace(int slot, ToyEntry entry) {
                    super.replace(slot, entry.withDeadline(entry(slot).deadlineMs()));
                  }
                }),
        segments(
            "the last slot of a group is never matched",
            slots ->
                new ToySegment(slots) {
                  @Override
                  long match(long group, long controlByte) {
                    return super.match(group, controlByte) & 0x00FF_FFFF_FFFF_FFFFL;
                  }
                }),
        new Mutant(
            "hash bits are shared between the directory's index and the group's",
            config ->
                new ToyTable(
                    config,
                    new ToyDirectory(
                        1_024,
                        slots ->
                            new ToySegment(slots) {
                              @Override
                              int home(long hash) {
                                int bits = Integer.numberOfTrailingZeros(control.length);
                                return bits == 0 ? 0 : (int) (hash >>> (Long.SIZE - bits));
                              }
                            }))),
        directory(
            "a split loses the last slot",
            () ->
                new ToyDirectory() {
                  @Override
                  List<ToyEntry> moved(ToySegment segment) {
                    List<ToyEntry> entries = new ArrayList<>();
                    for (int slot = 0; slot < segment.slots() - 1; slot++) {
                      if (segment.isFull(slot)) {
                        entries.add(segment.entry(slot));
                      }
                    }
                    return entries;
                  }
                }),
        directory(
            "growing forgets deadlines",
            () ->
                new ToyDirectory() {
                  @Override
                  List<ToyEntry> moved(ToySegment segment) {
                    List<ToyEntry> entries = super.moved(segment);
                    entries.replaceAll(entry -> entry.withDeadline(Store.NO_DEADLINE));
                    return entries;
                  }
                }),
        directory(
            "a split installs one half of itself only",
            () ->
                new ToyDirectory() {
                  @Override
                  void install(ToySegment old, ToySegment firstHalf, ToySegment secondHalf) {
                    super.install(old, secondHalf, secondHalf);
                  }
                }),
        directory(
            "the scan goes by place and misses a moved key",
            () ->
                new ToyDirectory() {
                  @Override
                  long scan(long cursor, int count, List<ToyEntry> part) {
                    List<ToyEntry> all = all();
                    int first = Math.clamp(cursor, 0, all.size());
                    int end = (int) Math.min(all.size(), (long) first + count);
                    part.addAll(all.subList(first, end));
                    return end == all.size() ? 0 : end;
                  }
                }),
        directory(
            "the scan leaves out keys whose hash another key has, at the end of a call",
            () ->
                new ToyDirectory() {
                  @Override
                  long scan(long cursor, int count, List<ToyEntry> part) {
                    long next = super.scan(cursor, count, part);
                    while (part.size() > count) {
                      part.removeLast();
                    }
                    return next;
                  }
                }));
  }

  private static Mutant segments(String fault, Function<Integer, ToySegment> segments) {
    return directory(fault, () -> new ToyDirectory(ToyDirectory.MAX_SLOTS, segments));
  }

  private static Mutant directory(String fault, Supplier<ToyDirectory> directory) {
    Function<StoreConfig, Store> factory = config -> new ToyTable(config, directory.get());
    return new Mutant(fault, factory);
  }
}
