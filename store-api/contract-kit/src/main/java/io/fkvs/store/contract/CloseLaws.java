package io.fkvs.store.contract;

import io.fkvs.store.KeyValueStore;
import io.fkvs.store.PutCondition;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Closing gives everything back, once, and every method throws from then on. */
interface CloseLaws extends Laws {
  /** The arguments of operations that are called in vain. */
  Operation.Arguments<Value> ARGUMENTS =
      new Operation.Arguments<>(Value.of("k"), Value.of("1"), Value.of("1"), old -> old);

  @Property(tries = 10)
  default void shouldCloseOnceAndThrowFromThenOn(@ForAll Script.Short script) {
    TestClock clock = new TestClock();
    try (Lockstep lockstep = new Lockstep(new Model(clock))) {
      KeyValueStore store = open(config(clock));
      lockstep.on(store, this::checkInvariants).play(script.script());
      Check.equal("closed before", false, store.isClosed());
      for (int times = 0; times < 3; times++) {
        store.close();
        Check.equal("closed", true, store.isClosed());
      }
      everyMethod(store)
          .forEach(
              (name, call) ->
                  Check.throwing(IllegalStateException.class, name + " after close", call));
    }
  }

  private static Map<String, Check.Action> everyMethod(KeyValueStore store) {
    Map<String, Check.Action> calls = new LinkedHashMap<>(Calls.core(store));
    byte[] key = {'k'};
    calls.put("nowMs", store::nowMs);
    calls.put("get of an array", () -> store.get(key));
    calls.put("put of an array", () -> store.put(key, key));
    calls.put("put for a while", () -> store.put(key, key, Duration.ofDays(1)));
    calls.put("put if", () -> store.put(PutCondition.ALWAYS, key, key, 0));
    calls.put("remove of an array", () -> store.remove(key));
    calls.put("expire after a while", () -> store.expire(key, Duration.ofDays(1)));
    calls.put("time to live", () -> store.timeToLive(key));
    calls.put("get of text", () -> store.get("k"));
    calls.put("get of a number", () -> store.getLong("k"));
    for (Form form : Form.values()) {
      for (Operation operation : Operation.values()) {
        calls.put(operation + " of " + form, () -> form.call(operation, store, ARGUMENTS));
      }
    }
    return calls;
  }

  @Example
  default void shouldCloseAStoreThatWasNeverUsed() {
    KeyValueStore store = open(config(new TestClock()));
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
