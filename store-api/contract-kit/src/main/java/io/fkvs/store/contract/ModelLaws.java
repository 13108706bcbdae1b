package io.fkvs.store.contract;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random scripts of every operation: the store answers what the model answers, step by step. */
interface ModelLaws extends Laws {
  @Property
  default void shouldAnswerAsTheModelDoesInAnyScript(@ForAll Script script) {
    TestClock clock = new TestClock();
    try (Lockstep lockstep = new Lockstep(new Model(clock))) {
      lockstep.on(open(config(clock)), this::checkInvariants).play(script);
    }
  }

  @Property
  default void shouldAnswerAsTheModelDoesWhateverTheHash(
      @ForAll HostileHash hash, @ForAll Script.Short script) {
    TestClock clock = new TestClock();
    try (Lockstep lockstep = new Lockstep(new Model(clock))) {
      lockstep
          .on(open(config(clock).withKeyHash(hash)), this::checkInvariants)
          .play(script.script());
    }
  }
}
