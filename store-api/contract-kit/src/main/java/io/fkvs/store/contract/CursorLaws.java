package io.fkvs.store.contract;

import io.fkvs.store.Store;
import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A store of one thread takes numbers for cursors, and any number. */
interface CursorLaws extends StoreLaws {
  @Property
  default void shouldTakeAnyCursorWithoutHarm(
      @ForAll @IntRange(max = 300) int count, @ForAll Delta cursor) {
    try (Subject subject = openSubject()) {
      for (int i = 0; i < count; i++) {
        subject.put(Key.numbered(i), Value.of("7"));
      }
      long next = cursor.amount();
      int calls = 0;
      do {
        next =
            subject.scan(
                next, 5, (key, entry) -> Check.equal("entry", Entry.of(Value.of("7")), entry));
        Check.that("scan does not end", ++calls < Subject.MAX_SCAN_CALLS);
      } while (next != 0);
      Check.equal("entries after", count, subject.scanAll(100).size());
    }
  }

  @Property(tries = 20)
  default void shouldVisitEverythingWhenCursorsAreNumbers(
      @ForAll @IntRange(max = 2_000) int count, @ForAll @IntRange(min = 1, max = 300) int aCall) {
    visitEverything(count, aCall, 1);
  }

  @Property(tries = 20)
  default void shouldVisitEverythingWhenCursorsAreRoundedDown(
      @ForAll @IntRange(max = 2_000) int count, @ForAll @IntRange(min = 1, max = 300) int aCall) {
    visitEverything(count, aCall, Store.CURSOR_STEP);
  }

  private void visitEverything(int count, int aCall, long step) {
    try (Subject subject = openSubject()) {
      for (int i = 0; i < count; i++) {
        subject.put(Key.numbered(i), Value.of("value " + i));
      }
      Map<Key, Entry> visited = new HashMap<>();
      long cursor = 0;
      int calls = 0;
      do {
        cursor = subject.scan(cursor, aCall, visited::put) & -step;
        Check.that("scan does not end", ++calls < Subject.MAX_SCAN_CALLS);
      } while (cursor != 0);
      Check.equal("scan", subject.scanAll(aCall), visited);
      Check.equal("visited", count, visited.size());
    }
  }
}
