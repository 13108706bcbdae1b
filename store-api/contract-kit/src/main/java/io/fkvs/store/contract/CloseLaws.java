package io.fkvs.store.contract;

import io.fkvs.store.PutCondition;
import io.fkvs.store.Store;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Closing gives everything back, once, and every method throws from then on. */
interface CloseLaws extends Laws {
  @Property(tries = 10)
  default void shouldCloseOnceAndThrowFromThenOn(@ForAll Script.Short script) {
    TestClock clock = new TestClock();
    try (Lockstep lockstep = new Lockstep(new Model(clock))) {
      Store store = open(config(clock));
      lockstep.on(store, this::checkInvariants).play(script.script());
      Check.equal("closed before", false, store.isClosed());
      for (int times = 0; times < 3; times++) {
        store.close();
        Check.equal("closed", true, store.isClosed());
      }
      everyMethod()
          .forEach(
              (name, call) ->
                  Check.throwing(
                      IllegalStateException.class,
                      name + " after close",
                      () -> call.accept(store)));
    }
  }

  private static Map<String, Consumer<Store>> everyMethod() {
    Map<String, Consumer<Store>> calls = new LinkedHashMap<>(Calls.core());
    byte[] key = {'k'};
    calls.put("nowMs", Store::nowMs);
    calls.put("get of an array", store -> store.get(key));
    calls.put("put of an array", store -> store.put(key, key));
    calls.put("put for a while", store -> store.put(key, key, Duration.ofDays(1)));
    calls.put("put if", store -> store.put(PutCondition.ALWAYS, key, key, 0));
    calls.put("remove of an array", store -> store.remove(key));
    calls.put("expire after a while", store -> store.expire(key, Duration.ofDays(1)));
    calls.put("time to live", store -> store.timeToLive(key));
    calls.put("get of text", store -> store.get("k"));
    calls.put("get of a number", store -> store.getLong("k"));
    return calls;
  }

  @Example
  default void shouldCloseAStoreThatWasNeverUsed() {
    Store store = open(config(new TestClock()));
    store.close();
    Check.equal("closed", true, store.isClosed());
  }

  @Example
  default void shouldNotDisturbAnotherStoreWhenClosed() {
    try (Subject one = openSubject();
        Subject other = openSubject()) {
      one.put(Key.of("a"), Value.of("one"));
      other.put(Key.of("a"), Value.of("other"));
      Check.equal("get", Entry.of(Value.of("one")), one.get(Key.of("a")));
      one.store().close();
      Check.equal("get", Entry.of(Value.of("other")), other.get(Key.of("a")));
    }
  }
}
